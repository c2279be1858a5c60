import { describe, expect, it } from '@jest/globals'
import { createApp } from '../src/index.ts'

describe('the fetch handler', () => {
  it('stops a stream whose consumer has cancelled it', async () => {
    const app = await createApp()
    let cancelled: (value: unknown) => void = () => {}
    const stopped = new Promise((resolve) => (cancelled = resolve))
    app.get('/', (_request, reply) => {
      const body = new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
        cancel: cancelled,
      })
      return reply.type('application/octet-stream').send(body)
    })
    const { body } = await app.fetch(new Request('http://localhost/'))
    const reader = body?.getReader()
    await reader?.read()
    await reader?.cancel()
    await stopped
    await app.close()
  })

  it('reads one request from one Request, whatever its headers say', async () => {
    const app = await createApp()
    const reached: string[] = []
    app.addHook('onRequest', async (request) => void reached.push(request.url))
    app.post('/', async (request) => ({ got: request.body ?? null }))
    const body = '{}POST /smuggled HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n'
    const headers = { 'content-type': 'application/json', 'content-length': '2', connection: 'keep-alive' }
    await app.fetch(new Request('http://localhost/', { method: 'POST', body, headers })).catch(() => 'cut')
    const bare = await app.fetch(new Request('http://localhost/', { method: 'POST', headers: { 'content-length': '5' } }))
    expect(await bare.json()).toEqual({ got: null })
    expect(reached).not.toContain('/smuggled')
    await app.close()
  })

  it('leaves the signal of an answered request alone', async () => {
    const app = await createApp()
    const signals: AbortSignal[] = []
    app.get('/', async (request) => {
      signals.push(request.signal)
      return 'ok'
    })
    for (let round = 0; round < 20; round++) await (await app.fetch(new Request('http://localhost/'))).text()
    await app.close()
    expect(signals.map(({ aborted }) => aborted)).not.toContain(true)
  })
})
