import { describe, expect, it } from '@jest/globals'
import { setImmediate as tick } from 'node:timers/promises'
import { createApp, requestScope } from '../src/index.ts'

describe('the request scope', () => {
  it('is the request, in a handler and what it calls, also behind a body', async () => {
    const app = await createApp()
    requestScope.enter(app)
    requestScope.enter(app)
    const inside = async (): Promise<string | undefined> => {
      await tick()
      return requestScope.current()?.id
    }
    app.get('/', async (request) => ({ same: (await inside()) === request.id }))
    app.post('/', async (request) => ({ same: (await inside()) === request.id }))
    const url = await app.listen({ port: 0 })
    const post = () => fetch(url, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } })
    const answers = await Promise.all([fetch(url), post(), fetch(url), post()].map(async (response) => (await response).json()))
    expect(answers).toEqual([{ same: true }, { same: true }, { same: true }, { same: true }])
    expect(requestScope.current()).toBeUndefined()
    await app.close()
  })

  it('is not entered where nobody asked for it', async () => {
    const app = await createApp()
    await app.register(async (child) => {
      requestScope.enter(child)
      child.get('/in', async () => ({ scope: requestScope.current() !== undefined }))
    })
    app.get('/out', async () => ({ scope: requestScope.current() !== undefined }))
    expect((await app.inject('/in')).json()).toEqual({ scope: true })
    expect((await app.inject('/out')).json()).toEqual({ scope: false })
    await app.close()
  })
})
