import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import { createApp, type App } from '../src/index.ts'
import { portOf } from './support/raw.ts'

/** One application, reached in each way it can be run: the same answers everywhere. */
interface Entrance {
  readonly app: App
  fetch(path: string, init?: RequestInit & { duplex?: 'half' }): Promise<Response>
  close(): Promise<void>
}

async function createSubject(): Promise<App> {
  const app = await createApp()
  app.get('/json', async () => ({ hello: 'wörld' }))
  app.post(
    '/echo',
    { schema: { body: { type: 'object', required: ['a'], properties: { a: { type: 'integer' } } } } },
    async (request) => request.body,
  )
  app.get('/headers', async (request, reply) => {
    reply.header('set-cookie', ['a=1', 'b=2']).header('x-seen', String(request.headers['x-sent']))
    return { host: request.host, method: request.method, query: request.query }
  })
  app.get('/empty', async (_request, reply) => reply.code(204).send())
  app.get('/stream', (_request, reply) => reply.type('text/plain').send(Readable.from(['one ', 'two ', 'three'])))
  app.get('/large', (_request, reply) => reply.type('application/octet-stream').send(Buffer.alloc(3_000_000, 7)))
  app.addContentTypeParser(
    'application/octet-stream',
    { bodyLimit: 8_000_000 },
    async (_request: unknown, payload: AsyncIterable<Buffer>) => {
      let bytes = 0
      for await (const chunk of payload) bytes += chunk.length
      return bytes
    },
  )
  app.post('/upload', async (request) => ({ bytes: request.body }))
  app.get('/fail', async () => {
    throw new Error('not for you')
  })
  app.get('/wait', async (request) => {
    await once(request.signal, 'abort')
    aborted.push(request.url)
    return 'late'
  })
  return app
}

const aborted: string[] = []

async function listening(): Promise<Entrance> {
  const app = await createSubject()
  const url = await app.listen({ port: 0 })
  return { app, fetch: (path, init) => fetch(url + path, init), close: () => app.close() }
}

async function inMemory(): Promise<Entrance> {
  const app = await createSubject()
  return { app, fetch: (path, init) => app.fetch(new Request(`http://127.0.0.1${path}`, init)), close: () => app.close() }
}

async function mounted(): Promise<Entrance> {
  const app = await createSubject()
  const server = createServer(app.nodeHandler)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${portOf({ server })}`
  return {
    app,
    fetch: (path, init) => fetch(url + path, init),
    close: async () => {
      server.close()
      server.closeAllConnections()
      await app.close()
    },
  }
}

describe.each([
  ['listening on a port', listening],
  ['as a fetch handler', inMemory],
  ['as a node:http handler', mounted],
])('an application %s', (_name, open) => {
  let entrance: Entrance
  beforeAll(async () => {
    entrance = await open()
  })
  afterAll(() => entrance.close())

  it('answers JSON in UTF-8', async () => {
    const response = await entrance.fetch('/json')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(await response.json()).toEqual({ hello: 'wörld' })
  })

  it('validates a body, and does not coerce it', async () => {
    const post = (body: string) => entrance.fetch('/echo', { method: 'POST', body, headers: { 'content-type': 'application/json' } })
    expect(await (await post('{"a":1}')).json()).toEqual({ a: 1 })
    const refused = await post('{"a":"1"}')
    expect(refused.status).toBe(400)
    expect(refused.headers.get('content-type')).toBe('application/problem+json')
    expect(await refused.json()).toMatchObject({ code: 'validation/failed' })
  })

  it('passes headers both ways, several of one name too', async () => {
    const response = await entrance.fetch('/headers?a=1', { headers: { 'x-sent': 'there' } })
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(response.headers.get('x-seen')).toBe('there')
    expect(await response.json()).toMatchObject({ method: 'GET', query: { a: '1' }, host: expect.stringMatching(/^127\.0\.0\.1/) })
  })

  it('answers HEAD without a body', async () => {
    const response = await entrance.fetch('/json', { method: 'HEAD' })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-length')).toBe('18')
    expect(await response.text()).toBe('')
  })

  it('answers 204 without a body', async () => {
    const response = await entrance.fetch('/empty')
    expect(response.status).toBe(204)
    expect(await response.text()).toBe('')
  })

  it('answers an unknown path and an error as problems', async () => {
    expect(await (await entrance.fetch('/nothing')).json()).toMatchObject({ code: 'http/not-found' })
    const failed = await entrance.fetch('/fail')
    expect(failed.status).toBe(500)
    expect(await failed.text()).not.toContain('not for you')
  })

  it('streams its answer', async () => {
    const response = await entrance.fetch('/stream')
    expect(response.headers.get('content-length')).toBeNull()
    expect(await response.text()).toBe('one two three')
  })

  it('carries a large answer whole', async () => {
    const bytes = new Uint8Array(await (await entrance.fetch('/large')).arrayBuffer())
    expect(bytes.length).toBe(3_000_000)
    expect(bytes.at(-1)).toBe(7)
  })

  it('takes a streamed upload', async () => {
    const chunks = Array.from({ length: 50 }, () => new Uint8Array(100_000))
    const body = ReadableStream.from(chunks)
    const response = await entrance.fetch('/upload', {
      method: 'POST',
      body,
      duplex: 'half',
      headers: { 'content-type': 'application/octet-stream' },
    })
    expect(await response.json()).toEqual({ bytes: 5_000_000 })
  })

  it('refuses a body that is too large', async () => {
    const body = JSON.stringify({ a: 1, pad: 'x'.repeat(1_100_000) })
    const response = await entrance.fetch('/echo', { method: 'POST', body, headers: { 'content-type': 'application/json' } })
    expect(response.status).toBe(413)
  })

  it('aborts the signal of a request whose client leaves', async () => {
    const path = `/wait?${_name}`
    const controller = new AbortController()
    const waiting = entrance.fetch(path, { signal: controller.signal })
    setTimeout(() => controller.abort(), 50)
    await expect(waiting).rejects.toThrow(/abort/i)
    while (!aborted.some((url) => decodeURI(url) === path)) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(aborted.map((url) => decodeURI(url))).toContain(path)
  })
})
