import { describe, expect, it } from '@jest/globals'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { FastifyRequest } from 'fastify'
import { createApp } from '../src/index.ts'
import { createSink } from './support/sink.ts'
import { open, portOf, rawExchange, statusOf } from './support/raw.ts'

describe('the deadline of a handler', () => {
  it('REL-15 answers 503, aborts the signal with the reason, and takes no late reply', async () => {
    const sink = createSink()
    const reasons: unknown[] = []
    let finished: (value: unknown) => void = () => {}
    const handlerDone = new Promise((resolve) => (finished = resolve))
    const app = await createApp({ handlerTimeout: 100, logger: { sink } })
    app.get('/slow/:id', async (request) => {
      await once(request.signal, 'abort')
      reasons.push(request.signal.reason)
      await sleep(20)
      finished(null)
      return { late: true }
    })
    await app.listen({ port: 0 })
    const response = await fetch(`http://127.0.0.1:${portOf(app)}/slow/1`)
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({
      code: 'http/deadline-exceeded',
      detail: 'The server cannot answer at the moment. Try again later.',
    })
    await handlerDone
    expect(reasons).toEqual([expect.objectContaining({ code: 'http/deadline-exceeded' })])
    expect(sink.text).toContain('GET /slow/:id')
    await app.close()
  })

  it('tells a signal that is asked for after the deadline', async () => {
    const app = await createApp({ handlerTimeout: 50 })
    let seen: (aborted: boolean) => void = () => {}
    const late = new Promise<boolean>((resolve) => (seen = resolve))
    app.get('/', async (request) => {
      await sleep(200)
      seen(request.signal.aborted)
      return 'late'
    })
    expect((await app.fetch(new Request('http://localhost/'))).status).toBe(503)
    expect(await late).toBe(true)
    await app.close()
  })

  it("is a route's own, longer or shorter or none", async () => {
    const app = await createApp({ handlerTimeout: 60 })
    const wait = async () => {
      await sleep(200)
      return 'done'
    }
    app.get('/default', wait)
    app.get('/longer', { handlerTimeout: 5_000 }, wait)
    const [short, long] = await Promise.all(
      ['/default', '/longer'].map(async (path) => (await app.fetch(new Request(`http://localhost${path}`))).status),
    )
    expect([short, long]).toEqual([503, 200])
    await app.close()

    const patient = await createApp({ handlerTimeout: 0 })
    patient.get('/', wait)
    patient.get('/shorter', { handlerTimeout: 60 }, wait)
    expect((await patient.fetch(new Request('http://localhost/'))).status).toBe(200)
    expect((await patient.fetch(new Request('http://localhost/shorter'))).status).toBe(503)
    await patient.close()
  })

  it('watches pipelined requests one by one', async () => {
    const app = await createApp({ handlerTimeout: 100 })
    app.get('/stuck', () => new Promise(() => {}))
    app.get('/quick', async () => 'quick')
    await app.listen({ port: 0 })
    const line = (path: string, last = false): string =>
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${last ? 'Connection: close\r\n' : ''}\r\n`
    const answers = await rawExchange(portOf(app), line('/stuck') + line('/quick') + line('/stuck', true))
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 503', 'HTTP/1.1 200', 'HTTP/1.1 503'])
    await app.close()
  })

  it('counts anew for each request of a connection that was idle', async () => {
    const app = await createApp({ handlerTimeout: 100 })
    app.get('/', async () => {
      await sleep(40)
      return 'ok'
    })
    await app.listen({ port: 0 })
    const socket = await open(portOf(app))
    socket.setEncoding('utf8')
    for (let round = 0; round < 4; round++) {
      socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
      const [answer] = (await once(socket, 'data')) as [string]
      expect(statusOf(answer)).toBe(200)
      await sleep(80)
    }
    socket.destroy()
    await app.close()
  })
})

describe('a body that does not arrive', () => {
  it('is answered with 408, not with the 503 of a slow handler', async () => {
    const app = await createApp({ handlerTimeout: 100 })
    app.post('/', async () => 'reached')
    await app.listen({ port: 0 })
    const answer = await rawExchange(
      portOf(app),
      'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{',
    )
    expect(statusOf(answer)).toBe(408)
    expect(answer).toContain('http/request-timeout')
    await app.close()
  })
})

describe('connections', () => {
  const collectGarbage = (): void => {
    setFlagsFromString('--expose_gc')
    ;(runInNewContext('gc') as () => void)()
  }

  it.each([0, 100])('let go of a request that is over, while they are idle (handlerTimeout: %p)', async (handlerTimeout) => {
    const app = await createApp({ handlerTimeout })
    const requests: WeakRef<FastifyRequest>[] = []
    app.get('/', async (request) => {
      requests.push(new WeakRef(request))
      return 'ok'
    })
    await app.listen({ port: 0 })
    const socket = await open(portOf(app))
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await once(socket, 'data')
    for (let round = 0; round < 40 && requests[0]?.deref(); round++) {
      await sleep(100)
      collectGarbage()
    }
    expect(requests).toHaveLength(1)
    expect(requests[0]?.deref()).toBeUndefined()
    socket.destroy()
    await app.close()
  })
})

describe('a client that stops reading', () => {
  it('HTTP-16 has its stream paused, and its connection closed when nothing moves for the time-out', async () => {
    const app = await createApp({ handlerTimeout: 300 })
    let produced = 0
    const chunk = new Uint8Array(64 * 1_024)
    const gigabyte = 1_024 * 1_024 * 1_024
    let cancelled: (value: unknown) => void = () => {}
    const ended = new Promise((resolve) => (cancelled = resolve))
    app.get('/endless', (_request, reply) => {
      const body = new ReadableStream({
        pull(controller) {
          produced += chunk.length
          controller.enqueue(chunk)
          if (produced >= gigabyte) controller.close()
        },
        cancel: cancelled,
      })
      return reply.type('application/octet-stream').send(body)
    })
    await app.listen({ port: 0 })
    const socket = await open(portOf(app))
    socket.pause()
    socket.write('GET /endless HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await ended
    // What the kernel buffers on both sides, and no more: the rest of the gigabyte was never made.
    expect(produced).toBeLessThan(64 * 1_024 * 1_024)
    socket.destroy()
    await app.close()
  })

  it('keeps one that has read all there is, however long nothing more comes', async () => {
    const app = await createApp({ handlerTimeout: 100 })
    app.get('/events', (_request, reply) => {
      const body = new ReadableStream({
        async start(controller) {
          controller.enqueue(new TextEncoder().encode('first '))
          await sleep(500)
          controller.enqueue(new TextEncoder().encode('last'))
          controller.close()
        },
      })
      return reply.type('text/plain').send(body)
    })
    await app.listen({ port: 0 })
    expect(await (await fetch(`http://127.0.0.1:${portOf(app)}/events`)).text()).toBe('first last')
    await app.close()
  })

  it('keeps one that reads slowly', async () => {
    const app = await createApp({ handlerTimeout: 200 })
    app.get('/slow', (_request, reply) => {
      const body = new ReadableStream({
        async start(controller) {
          for (let part = 0; part < 6; part++) {
            controller.enqueue(new TextEncoder().encode(`${part} `))
            await sleep(100)
          }
          controller.close()
        },
      })
      return reply.type('text/plain').send(body)
    })
    await app.listen({ port: 0 })
    const response = await fetch(`http://127.0.0.1:${portOf(app)}/slow`)
    expect(await response.text()).toBe('0 1 2 3 4 5 ')
    await app.close()
  })
})

describe('request.signal', () => {
  it('does not abort while the handler of a request with a body is at work', async () => {
    const app = await createApp()
    app.post('/', async (request) => {
      const { signal } = request
      await sleep(30)
      return { aborted: signal.aborted }
    })
    await app.listen({ port: 0 })
    const response = await fetch(`http://127.0.0.1:${portOf(app)}/`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    })
    expect(await response.json()).toEqual({ aborted: false })
    await app.close()
  })

  it('REL-16 aborts when the client leaves, with the reason', async () => {
    const app = await createApp()
    let seen: (reason: unknown) => void = () => {}
    const reason = new Promise<unknown>((resolve) => (seen = resolve))
    let arrived: (value: unknown) => void = () => {}
    const started = new Promise((resolve) => (arrived = resolve))
    app.get('/', async (request) => {
      arrived(null)
      await once(request.signal, 'abort')
      seen(request.signal.reason)
    })
    await app.listen({ port: 0 })
    const socket = await open(portOf(app))
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await started
    socket.destroy()
    expect(await reason).toMatchObject({ code: 'http/client-disconnected' })
    await app.close()
  })

  it('is aborted already when asked for after the client has left', async () => {
    const app = await createApp()
    let seen: (aborted: boolean) => void = () => {}
    const aborted = new Promise<boolean>((resolve) => (seen = resolve))
    let arrived: (value: unknown) => void = () => {}
    const started = new Promise((resolve) => (arrived = resolve))
    app.get('/', async (request, reply) => {
      arrived(null)
      await once(reply.raw, 'close')
      seen(request.signal.aborted)
    })
    await app.listen({ port: 0 })
    const socket = await open(portOf(app))
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await started
    socket.destroy()
    expect(await aborted).toBe(true)
    await app.close()
  })
})
