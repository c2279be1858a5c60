import { describe, expect, it } from '@jest/globals'
import { createApp, plugin, type Plugin, type Token, token } from '@covet/core'
import { testApp } from '@covet/testing'

interface Mailer {
  send(to: string): Promise<string>
}
const Mailer: Token<'mailer', Mailer> = token('mailer')

const invitations: Plugin<'mailer'> = plugin({
  name: 'invitations',
  needs: { mailer: Mailer },
  setup(app, { mailer }) {
    app.post('/invitations', async (_request, reply) => reply.code(201).send({ result: await mailer.send('ada@example.com') }))
  },
})

describe('testApp', () => {
  it('runs the first example of the README', async () => {
    const fakeMailer: Mailer = { send: async () => 'noted' }
    await using test = await testApp({ plugins: [invitations], override: [[Mailer, fakeMailer]] })

    const invitation = await test.client.post('/invitations').expect(201).json<{ result: string }>()
    await test.client.get('/nothing').expectProblem(404, 'http/not-found')

    expect(invitation.result).toBe('noted')
    expect(test.url).toBe('')
  })

  it('swaps what a plugin provides', async () => {
    const smtp = plugin({ name: 'smtp', provides: { mailer: Mailer }, setup: () => ({ mailer: { send: async () => 'for real' } }) })
    const sent: string[] = []
    const fakeMailer: Mailer = { send: async (to) => String(sent.push(to)) }
    await using test = await testApp({ plugins: [invitations, smtp], override: [[Mailer, fakeMailer]] })
    expect(await test.client.post('/invitations').expect(201).json()).toEqual({ result: '1' })
    expect(sent).toEqual(['ada@example.com'])
    await using real = await testApp({ plugins: [invitations, smtp] })
    expect(await real.client.post('/invitations').expect(201).json()).toEqual({ result: 'for real' })
  })

  it('listens on a free port, and closes at the end of the block', async () => {
    let closed = false
    {
      await using test = await testApp(() => createApp({ mode: 'test' }), { listen: true })
      test.app.server.on('close', () => (closed = true))
      expect(test.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
      await test.client.get('/nothing').expectProblem(404, 'http/not-found')
    }
    expect(closed).toBe(true)
  })

  it('does not compile with a need that nobody provides', async () => {
    // @ts-expect-error -- No plugin provides 'mailer'
    await expect(testApp({ plugins: [invitations] })).rejects.toMatchObject({ code: 'kernel/missing-service' })
  })
})
