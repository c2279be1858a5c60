import { describe, expect, it } from '@jest/globals'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { createApp, LifecycleToken, token } from '../src/index.ts'
import { createSink } from './support/sink.ts'
import { open, portOf, rawExchange, statusOf } from './support/raw.ts'

const request = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`

function gate(): { promise: Promise<void>; open: () => void } {
  let release: () => void = () => {}
  const promise = new Promise<void>((resolve) => (release = resolve))
  return { promise, open: release }
}

describe('draining', () => {
  it('REL-01 lets running requests finish, tells them to close, and does not wait for idle connections', async () => {
    const arrived = gate()
    const work = gate()
    const app = await createApp()
    app.get('/slow', async () => {
      arrived.open()
      await work.promise
      return 'finished'
    })
    app.get('/quick', async () => 'quick')
    await app.listen({ port: 0 })
    const idle = await open(portOf(app))
    idle.setEncoding('utf8')
    idle.write(request('/quick'))
    expect(statusOf(String(((await once(idle, 'data')) as [string])[0]))).toBe(200)
    const busy = await open(portOf(app))
    busy.setEncoding('utf8')
    busy.write(request('/slow'))
    await arrived.promise
    const draining = app.drain()
    await once(idle, 'close')
    work.open()
    const [answer] = (await once(busy, 'data')) as [string]
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(answer).toMatch(/\r\nconnection: close\r\n/i)
    expect(answer).toMatch(/finished$/)
    expect(await draining).toEqual({ forced: false })
  })

  it('goes on serving during the delay, with readiness off and without keep-alive', async () => {
    const app = await createApp({ drain: { delay: 300 } })
    const lifecycle = app.services.get(LifecycleToken)
    app.get('/', async () => lifecycle.state)
    const url = await app.listen({ port: 0 })
    expect(lifecycle.state).toBe('listening')
    const draining = app.drain()
    expect(lifecycle.state).toBe('draining')
    expect(lifecycle.signal.aborted).toBe(true)
    const response = await fetch(url)
    expect(await response.text()).toBe('draining')
    expect(response.headers.get('connection')).toBe('close')
    await draining
    expect(lifecycle.state).toBe('closed')
    await expect(fetch(url)).rejects.toThrow()
  })

  it('REL-02 cuts what does not finish by the deadline, names its route and aborts its signal', async () => {
    const sink = createSink()
    const arrived = gate()
    const reasons: unknown[] = []
    const app = await createApp({ drain: { deadline: 150 }, logger: { sink } })
    app.get('/stuck/:id', async (incoming) => {
      arrived.open()
      incoming.signal.addEventListener('abort', () => reasons.push(incoming.signal.reason))
      await new Promise(() => {})
    })
    const url = await app.listen({ port: 0 })
    const answer = fetch(`${url}/stuck/1`).catch((error: unknown) => error)
    await arrived.promise
    expect(await app.drain()).toEqual({ forced: true })
    expect(await answer).toMatchObject({ message: 'fetch failed' })
    expect(sink.lines).toContainEqual(expect.objectContaining({ route: 'GET /stuck/:id', msg: 'cut at the drain deadline' }))
    expect(reasons).toEqual([expect.objectContaining({ code: 'http/shutting-down' })])
  })

  it('is forced by a signal before the deadline', async () => {
    const arrived = gate()
    const force = new AbortController()
    const app = await createApp()
    app.get('/', async () => {
      arrived.open()
      await new Promise(() => {})
    })
    const url = await app.listen({ port: 0 })
    const answer = fetch(url).catch(() => 'cut')
    await arrived.promise
    const draining = app.drain(force.signal)
    force.abort()
    expect(await draining).toEqual({ forced: true })
    expect(await answer).toBe('cut')
  })

  it('closes services after the last request', async () => {
    const events: string[] = []
    const arrived = gate()
    const work = gate()
    const app = await createApp()
    app.services.set(token<'store', object>('store'), { close: () => events.push('store closed') })
    app.get('/', async () => {
      arrived.open()
      await work.promise
      events.push('request finished')
      return 'ok'
    })
    const url = await app.listen({ port: 0 })
    const answer = fetch(url)
    await arrived.promise
    const draining = app.drain()
    work.open()
    expect((await answer).status).toBe(200)
    await draining
    expect(events).toEqual(['request finished', 'store closed'])
  })
})

describe('closing without a drain', () => {
  it('does not wait for a connection that falls idle after it began', async () => {
    const arrived = gate()
    const work = gate()
    const app = await createApp()
    app.get('/', async () => {
      arrived.open()
      await work.promise
      return 'finished'
    })
    await app.listen({ port: 0 })
    const busy = await open(portOf(app))
    busy.setEncoding('utf8')
    busy.write(request('/'))
    await arrived.promise
    const { signal } = app.services.get(LifecycleToken)
    const began = once(signal, 'abort')
    const closing = app.close()
    await began
    work.open()
    expect(String(((await once(busy, 'data')) as [string])[0])).toMatch(/\r\nconnection: close\r\n/i)
    await closing
  })

  it('reaches every address of localhost, with the same limits', async () => {
    const app = await createApp({ maxHeaders: 5 })
    app.get('/', async () => 'ok')
    await app.listen({ port: 0, host: 'localhost' })
    const answers = await Promise.all(
      (app.addresses() as AddressInfo[]).map(async ({ address, port }) => {
        const socket = connect({ host: address, port })
        socket.setEncoding('utf8')
        socket.write(`GET / HTTP/1.1\r\nHost: localhost\r\n${Array.from({ length: 9 }, (_, at) => `a${at}: b\r\n`).join('')}\r\n`)
        const [answer] = (await once(socket, 'data')) as [string]
        const idle = connect({ host: address, port })
        await once(idle, 'connect')
        return { status: statusOf(answer), ended: once(idle, 'close'), idle }
      }),
    )
    expect(answers.length).toBeGreaterThan(0)
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([431]))
    for (const { idle } of answers) idle.resume()
    await app.close()
    await Promise.all(answers.map(({ ended }) => ended))
  })
})

describe('what a drain does not wait for, and what it does', () => {
  it('closes connections that have not sent a request, at once, and half a request soon', async () => {
    const app = await createApp()
    await app.listen({ port: 0 })
    const unused = await open(portOf(app))
    const half = await open(portOf(app))
    half.write('GET / HTTP/1.1\r\nHos')
    const closed = [unused, half].map(async (socket) => {
      socket.on('error', () => {}).resume()
      await new Promise((resolve) => socket.once('close', resolve))
    })
    expect(await app.drain()).toEqual({ forced: false })
    await Promise.all(closed)
  })

  it('closes services after requests that came through fetch() or a server of somebody else', async () => {
    const events: string[] = []
    const work = gate()
    const app = await createApp()
    app.services.set(token<'store', object>('store'), { close: () => events.push('store closed') })
    let waiting = 0
    const arrived = gate()
    app.get('/', async () => {
      if (++waiting === 2) arrived.open()
      await work.promise
      events.push('request finished')
      return 'ok'
    })
    const server = createServer(app.nodeHandler).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${portOf({ server })}/`
    const answers = Promise.all([app.fetch(new Request('http://localhost/')), fetch(url)])
    await arrived.promise
    const draining = app.drain()
    work.open()
    expect((await answers).map(({ status }) => status)).toEqual([200, 200])
    expect(await draining).toEqual({ forced: false })
    expect(events).toEqual(['request finished', 'request finished', 'store closed'])
    for (const late of [app.fetch(new Request('http://localhost/')), fetch(url)]) {
      const response = await late
      expect(response.status).toBe(503)
      expect(await response.json()).toMatchObject({ code: 'http/shutting-down' })
    }
    server.close()
    server.closeAllConnections()
  })

  it('tells a client to close after a path no router can read', async () => {
    const app = await createApp({ drain: { delay: 300 } })
    await app.listen({ port: 0 })
    const draining = app.drain()
    const answer = await rawExchange(portOf(app), request('/%zz'))
    expect(statusOf(answer)).toBe(400)
    expect(answer).toMatch(/\r\nconnection: close\r\n/i)
    await draining
  })
})

describe('the states of an application', () => {
  it('only move on', async () => {
    const app = await createApp()
    const lifecycle = app.services.get(LifecycleToken)
    expect(lifecycle.state).toBe('starting')
    await app.ready()
    expect(lifecycle.state).toBe('ready')
    await app.close()
    expect(lifecycle.state).toBe('closed')
    lifecycle.advance('ready')
    expect(lifecycle.state).toBe('closed')
    expect(lifecycle.draining).toBe(true)
  })
})
