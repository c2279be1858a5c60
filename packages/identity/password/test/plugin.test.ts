import { describe, expect, it } from '@jest/globals'
import { createApp, DeployFindings, plugin, type Plugin } from '@covet/core'
import Fastify, { type FastifyInstance } from 'fastify'
import { PasswordsClosedError } from '../src/errors.ts'
import { password, Passwords } from '../src/index.ts'
import { manualEngine } from './support/engine.ts'

/** Signs in against one account, alice, in the way an application would. */
const signIn: Plugin<'password'> = plugin({
  name: 'sign-in',
  needs: { passwords: Passwords },
  setup(app, { passwords }) {
    const alice = passwords.hash('correct horse battery staple')
    app.post<{ Body: { name: string; password: string } }>('/sign-in', async ({ body }, reply) => {
      const { ok } = await passwords.verify(body.password, body.name === 'alice' ? await alice : undefined)
      return reply.code(ok ? 200 : 401).send({ ok })
    })
  },
})

async function post(app: FastifyInstance, name: string, secret: string): Promise<number> {
  return (await app.inject({ method: 'POST', url: '/sign-in', payload: { name, password: secret } })).statusCode
}

async function expectSignIn(app: FastifyInstance): Promise<void> {
  expect(await post(app, 'alice', 'correct horse battery staple')).toBe(200)
  expect(await post(app, 'alice', 'wrong')).toBe(401)
  expect(await post(app, 'bob', 'correct horse battery staple')).toBe(401)
  expect(await post(app, 'alice', 'x'.repeat(300))).toBe(400)
}

describe('the plugin', () => {
  it('serves createApp, in any order', async () => {
    const app = await createApp({ plugins: [signIn, password({ dangerouslyFast: true })], mode: 'test' })
    await expectSignIn(app)
    await app.close()
  })

  it('serves plain Fastify', async () => {
    const app = Fastify()
    await app.register(password({ dangerouslyFast: true }))
    await app.register(signIn)
    await expectSignIn(app)
    await app.close()
  })

  it('PWD-05: a full gate is a 503 with Retry-After for the client', async () => {
    const { derive, calls, started } = manualEngine()
    const app = Fastify()
    await app.register(password({ derive, gate: { concurrency: 1, queue: 0 } }))
    const passwords = app.services.get(Passwords)
    app.post('/hash', async () => passwords.hash('opensesame'))
    const first = app.inject({ method: 'POST', url: '/hash' }).then((response) => response.statusCode)
    await started(1)
    const second = await app.inject({ method: 'POST', url: '/hash' })
    expect(second.statusCode).toBe(503)
    expect(second.json()).toMatchObject({ code: 'password/gate-full' })
    calls[0]?.finish()
    expect(await first).toBe(200)
    await app.close()
  })

  it('PWD-05: the 503 of createApp carries Retry-After and is a problem document', async () => {
    const { derive, calls, started } = manualEngine()
    const hashing: Plugin<'password'> = plugin({
      name: 'hashing',
      needs: { passwords: Passwords },
      setup(app, { passwords }) {
        app.post('/hash', async () => passwords.hash('opensesame'))
      },
    })
    const app = await createApp({ plugins: [password({ derive, gate: { concurrency: 1, queue: 0 } }), hashing], mode: 'test' })
    const first = app.inject({ method: 'POST', url: '/hash' }).then((response) => response.statusCode)
    await started(1)
    const second = await app.inject({ method: 'POST', url: '/hash' })
    expect(second.statusCode).toBe(503)
    expect(second.headers['retry-after']).toBe('1')
    expect(second.headers['content-type']).toContain('application/problem+json')
    expect(second.json()).toMatchObject({ code: 'password/gate-full', status: 503 })
    calls[0]?.finish()
    expect(await first).toBe(200)
    await app.close()
  })

  it('closes with the application, after the hashes under way', async () => {
    const { derive, calls, started } = manualEngine()
    const app = Fastify()
    await app.register(password({ derive }))
    await app.ready()
    const passwords = app.services.get(Passwords)
    const running = passwords.hash('opensesame')
    await started(1)
    const closing = app.close()
    calls[0]?.finish()
    await expect(running).resolves.toContain('$argon2id$')
    await closing
    await expect(passwords.hash('late')).rejects.toBeInstanceOf(PasswordsClosedError)
  })

  it('tells the deployment check about dangerouslyFast, and nothing otherwise', async () => {
    for (const [options, ids] of [
      [{ dangerouslyFast: true }, ['C016']],
      [{}, []],
    ] as const) {
      const app = Fastify()
      await app.register(password(options))
      await app.ready()
      expect(
        app.services
          .all(DeployFindings)
          .flatMap((check) => check(app))
          .map(({ id }) => id),
      ).toEqual(ids)
      await app.close()
    }
  })
})
