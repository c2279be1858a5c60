import { describe, expect, it } from '@jest/globals'
import { createApp, ResponseHeaders } from '../src/index.ts'

describe('response headers', () => {
  it('of all contributors go out with every answer: success, error and unknown path', async () => {
    const app = await createApp()
    app.services.add(ResponseHeaders, { 'X-Frame-Options': 'DENY', vary: 'Origin' })
    app.services.add(ResponseHeaders, { 'x-request-id': (request) => request.id, vary: 'origin, Accept', 'x-none': () => undefined })
    app.get('/', async () => 'ok')
    app.get('/fail', async () => {
      throw new Error('broken')
    })
    for (const path of ['/', '/fail', '/nothing']) {
      const { headers } = await app.inject(path)
      expect(headers).toMatchObject({ 'x-frame-options': 'DENY', vary: 'Origin, Accept', 'x-request-id': expect.any(String) })
      expect(headers).not.toHaveProperty('x-none')
    }
    await app.close()
  })

  it('of a child context stay there, and a handler may still change one', async () => {
    const app = await createApp()
    app.services.add(ResponseHeaders, { 'x-outer': '1' })
    await app.register(async (child) => {
      child.services.add(ResponseHeaders, { 'x-inner': '2' })
      child.get('/inner', async (_request, reply) => reply.header('x-outer', 'changed').send('ok'))
    })
    app.get('/outer', async () => 'ok')
    expect((await app.inject('/inner')).headers).toMatchObject({ 'x-outer': 'changed', 'x-inner': '2' })
    expect((await app.inject('/outer')).headers).not.toHaveProperty('x-inner')
    await app.close()
  })

  it('go out with what is refused before any hook of theirs', async () => {
    const app = await createApp({ allowedHosts: ['localhost'] })
    app.services.add(ResponseHeaders, { 'x-outer': '1' })
    await app.register(async (child) => {
      child.services.add(ResponseHeaders, { 'x-inner': () => '2' })
      child.get('/inner', async () => 'ok')
    })
    const refused = await app.inject({ url: '/inner', headers: { host: 'evil.test' } })
    expect(refused.statusCode).toBe(421)
    expect(refused.headers).toMatchObject({ 'x-outer': '1', 'x-inner': '2' })
    const unreadable = await app.inject('/%zz')
    expect(unreadable.statusCode).toBe(400)
    expect(unreadable.headers).toMatchObject({ 'x-outer': '1' })
    expect(unreadable.headers).not.toHaveProperty('x-inner')
    await app.close()
  })

  it('keep the vary of the contexts above', async () => {
    const app = await createApp()
    app.services.add(ResponseHeaders, { vary: 'Origin' })
    await app.register(async (child) => {
      child.services.add(ResponseHeaders, { Vary: 'Accept, origin' })
      child.get('/', async () => 'ok')
    })
    expect((await app.inject('/')).headers['vary']).toBe('Origin, Accept')
    await app.close()
  })

  it('keep what a hook before them has set, and go beside a cookie', async () => {
    const app = await createApp()
    app.addHook('onRequest', async (_request, reply) => void reply.header('x-early', '0').header('set-cookie', 'a=1'))
    app.services.add(ResponseHeaders, { 'x-late': '1' })
    await app.register(async (child) => {
      child.services.add(ResponseHeaders, { 'set-cookie': 'b=2' })
      child.get('/', async () => 'ok')
    })
    const { headers } = await app.inject('/')
    expect(headers).toMatchObject({ 'x-early': '0', 'x-late': '1', 'set-cookie': ['a=1', 'b=2'] })
    await app.close()
  })

  it('refuse two values for one header at boot', async () => {
    const app = await createApp()
    app.services.add(ResponseHeaders, { 'x-a': '1' })
    app.services.add(ResponseHeaders, { 'X-A': () => '2' })
    await expect(app.ready()).rejects.toMatchObject({ code: 'kernel/header-conflict', message: expect.stringContaining("'x-a'") })
  })
})
