import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { Server as TlsServer } from 'node:https'
import { createApp, type App } from '../src/index.ts'
import { open as openSocket, portOf, rawExchange, statusOf } from './support/raw.ts'

const reached: string[] = []

function jsonRequest(path: string, body: string, contentType: string | null = 'application/json', extra: string[] = []): string {
  const headers = [
    `POST ${path} HTTP/1.1`,
    'Host: shop.test',
    ...(contentType === null ? [] : [`Content-Type: ${contentType}`]),
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    ...extra,
  ]
  return `${headers.join('\r\n')}\r\n\r\n${body}`
}

const get = (path: string, headers: string[] = ['Host: shop.test']): string =>
  `GET ${path} HTTP/1.1\r\n${[...headers, 'Connection: close'].join('\r\n')}\r\n\r\n`

let app: App
let port: number
const send = (bytes: string): Promise<string> => rawExchange(port, bytes)

beforeAll(async () => {
  app = await createApp({ allowedHosts: ['shop.test'] })
  app.addHook('preHandler', async (request) => void reached.push(request.url))
  const person = {
    body: { type: 'object', required: ['name'], properties: { name: { type: 'string' }, age: { type: 'integer' } } },
  }
  app.post('/people', { schema: person }, async (request) => ({ got: request.body }))
  app.post('/open', async (request) => ({ got: request.body ?? null }))
  app.delete('/open', async (request) => ({ got: request.body ?? null }))
  app.get('/open', async (request) => ({ got: request.body ?? null }))
  app.post('/strict', { strictJson: true }, async (request) => ({ got: request.body }))
  app.get(
    '/search',
    {
      schema: {
        querystring: { type: 'object', properties: { a: { type: 'integer' }, tags: { type: 'array', items: { type: 'string' } } } },
      },
    },
    async (request) => ({
      got: request.query,
    }),
  )
  app.post('/merge', { schema: { body: { type: 'object', properties: { a: { type: 'string' } } } } }, async (request) => ({
    body: request.body,
    query: request.query,
  }))
  app.get('/distinct', async (request) => ({ names: Object.keys(request.raw.headersDistinct).length > 0 }))
  app.get('/items/:id', { schema: { params: { type: 'object', properties: { id: { type: 'integer' } } } } }, async (request) => ({
    got: request.params,
  }))
  await app.listen({ port: 0 })
  port = portOf(app)
})

afterAll(() => app.close())

describe('media types', () => {
  const invalid = '{"age":1}'

  it.each([
    'application/json\t; charset=utf-8',
    ' application/json',
    'application/json;',
    'application/json ;',
    'Application/JSON',
    'application/json',
  ])('HTTP-01 a body declared as "%s" meets the schema', async (contentType) => {
    reached.length = 0
    const response = await send(jsonRequest('/people', invalid, contentType))
    expect(statusOf(response)).toBe(400)
    expect(response).toContain('validation/failed')
    expect(reached).toEqual([])
  })

  it.each([['text/plain'], ['application/json a'], ['application/json, text/plain'], ['application/vnd.api+json'], [null]])(
    'HTTP-02 a body declared as %s is refused with 415',
    async (contentType) => {
      reached.length = 0
      const response = await send(jsonRequest('/people', '{"name":"Ada"}', contentType))
      expect(statusOf(response)).toBe(415)
      expect(response).toContain('http/unsupported-media-type')
      expect(reached).toEqual([])
    },
  )

  it('HTTP-02 another parser does not open a route whose schema describes JSON', async () => {
    const open = await createApp()
    open.addContentTypeParser('text/plain', { parseAs: 'string' }, (_request, body, done) => done(null, body))
    open.post('/json', { schema: { body: { type: 'object' } } }, async () => 'reached')
    open.post('/text', { schema: { body: { content: { 'text/plain': { schema: { type: 'string' } } } } } }, async (request) => request.body)
    const post = (path: string) => open.inject({ method: 'POST', url: path, headers: { 'content-type': 'text/plain' }, payload: 'hello' })
    expect((await post('/json')).statusCode).toBe(415)
    expect((await post('/text')).body).toBe('hello')
    await open.close()
  })

  it('HTTP-03 a parser registered with a global expression answers ten identical requests alike', async () => {
    const open = await createApp()
    open.addContentTypeParser(/^application\/vnd\.[a-z]+$/g, { parseAs: 'string' }, (_request, body, done) => done(null, body))
    open.post('/', async (request) => request.body)
    const answers = new Set<string>()
    for (let round = 0; round < 10; round++) {
      const { statusCode, body } = await open.inject({
        method: 'POST',
        url: '/',
        headers: { 'content-type': 'application/vnd.tea' },
        payload: 'green',
      })
      answers.add(`${statusCode} ${body}`)
    }
    expect([...answers]).toEqual(['200 green'])
    await open.close()
  })

  it.each(['DELETE', 'GET', 'POST'])('accepts %s with an empty body declared as JSON', async (method) => {
    const response = await send(
      `${method} /open HTTP/1.1\r\nHost: shop.test\r\nContent-Type: application/json\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
    )
    expect(statusOf(response)).toBe(200)
    expect(response).toContain('{"got":null}')
  })

  it.each(['; '.repeat(5_000) + '"', '; x y; charset=utf-16', '; \t'.repeat(3_000) + 'a'])(
    'refuses a Content-Type that cannot be read, in no time: application/json%.12s…',
    async (parameters) => {
      const start = performance.now()
      expect(statusOf(await send(jsonRequest('/open', '{}', `application/json${parameters}`)))).toBe(415)
      expect(performance.now() - start).toBeLessThan(500)
    },
  )

  it('refuses no body, of no media type, where there is a schema for each', async () => {
    const open = await createApp()
    open.post('/', { schema: { body: { content: { 'application/json': { schema: { type: 'object' } } } } } }, async () => 'reached')
    expect((await open.inject({ method: 'POST', url: '/' })).statusCode).toBe(415)
    expect((await open.inject({ method: 'POST', url: '/', payload: {} })).body).toBe('reached')
    await open.close()
  })

  it('refuses an empty body where a schema wants one', async () => {
    const response = await send(jsonRequest('/people', ''))
    expect(statusOf(response)).toBe(400)
    expect(response).toContain('validation/failed')
  })
})

describe('framing', () => {
  const smuggled = 'GET /open?smuggled HTTP/1.1\r\nHost: shop.test\r\n\r\n'
  const chunk = '3\r\n{}\n\r\n0\r\n\r\n'

  it.each([
    [
      'Content-Length with Transfer-Encoding',
      `POST /open HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}`,
    ],
    ['two Content-Lengths', 'POST /open HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}\n'],
    ['a space before the colon', `POST /open HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding : chunked\r\n\r\n${chunk}`],
    ['bare line feeds', 'GET /open HTTP/1.1\nHost: shop.test\n\n'],
    [
      'a line feed in a chunk extension',
      'POST /open HTTP/1.1\r\nHost: shop.test\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2;a\nb\r\n{}\r\n0\r\n\r\n',
    ],
  ])('HTTP-04 %s is refused, the connection closed, and what follows never runs', async (_name, bytes) => {
    reached.length = 0
    const response = await send(bytes + smuggled)
    expect(statusOf(response)).toBe(400)
    expect(response.match(/HTTP\/1\.1 /g)).toHaveLength(1)
    expect(reached.some((url) => url.includes('smuggled'))).toBe(false)
  })
})

describe('a malformed request behind one that is being answered', () => {
  it('HTTP-04 ends the connection, and puts nothing into the answer on its way', async () => {
    const open = await createApp()
    open.get('/', (_request, reply) => {
      const body = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('first part')) })
      return reply.type('text/plain').send(body)
    })
    await open.listen({ port: 0 })
    const socket = await openSocket(portOf(open))
    socket.setEncoding('utf8')
    let received = ''
    socket.on('data', (chunk: string) => {
      received += chunk
      if (received.includes('first part')) socket.write('GARBAGE\r\n\r\n')
    })
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await once(socket, 'close')
    expect(received.match(/HTTP\/1\.1 /g)).toHaveLength(1)
    await open.close()
  })
})

describe('Host', () => {
  it("HTTP-05 two Host lines, to a server of somebody else's", async () => {
    const mounted = await createApp()
    mounted.get('/', async (request) => request.host)
    const server = createServer(mounted.nodeHandler).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const answer = await rawExchange(portOf({ server }), get('/', ['Host: shop.test', 'HOST: evil.test']))
    expect(statusOf(answer)).toBe(400)
    server.close()
    await mounted.close()
  })

  it('is held to the same rules with TLS', async () => {
    const secure = await createApp({ https: {} })
    expect(secure.server).toBeInstanceOf(TlsServer)
    expect(secure.server).toMatchObject({
      joinDuplicateHeaders: true,
      headersTimeout: 15_000,
      requestTimeout: 30_000,
      maxHeadersCount: 101,
    })
    await secure.close()
  })

  it.each([
    ['two Host lines', get('/open', ['Host: shop.test', 'Host: evil.test']), 400],
    ['no Host', get('/open', []), 400],
    ['a Host that is none', get('/open', ['Host: a@b/../']), 400],
    ['a Host that is not allowed', get('/open', ['Host: evil.test']), 421],
    ['an absolute target with another authority', get('http://evil.test/open'), 421],
    ['an absolute target with the same authority', get('http://shop.test/open'), 200],
    ['an allowed Host in capitals, with a port', get('/open', ['Host: SHOP.test:8080']), 200],
  ])('HTTP-05 %s', async (_name, bytes, status) => {
    reached.length = 0
    expect(statusOf(await send(bytes))).toBe(status)
    expect(reached).toHaveLength(status === 200 ? 1 : 0)
  })

  it.each(['localhost', '127.0.0.1:3000', '[::1]:3000', 'a.b-c.example'])('takes any valid host when none is listed: %s', async (host) => {
    const open = await createApp()
    open.get('/', async (request) => request.host)
    expect((await open.inject({ url: '/', headers: { host } })).body).toBe(host)
    await open.close()
  })
})

describe('names that reach a prototype', () => {
  it('HTTP-06 a header named __proto__ does not end the process', async () => {
    const response = await send(get('/distinct', ['Host: shop.test', '__proto__: x']))
    expect([200, 400]).toContain(statusOf(response))
    expect(statusOf(await send(get('/open')))).toBe(200)
  })

  it.each([
    ['a JSON member __proto__', jsonRequest('/open', '{"__proto__":{"admin":true}}')],
    ['a JSON member constructor.prototype', jsonRequest('/open', '{"constructor":{"prototype":{}}}')],
    ['a JSON member __proto__, escaped', jsonRequest('/open', '{"\\u005f_proto__":{"admin":true}}')],
    ['a query parameter __proto__[x]', get('/open?__proto__[x]=1')],
    ['a query parameter constructor[prototype][x]', get('/open?constructor[prototype][x]=1')],
  ])('HTTP-07 %s is refused', async (_name, bytes) => {
    reached.length = 0
    expect(statusOf(await send(bytes))).toBe(400)
    expect(reached).toEqual([])
    expect(({} as { admin?: boolean }).admin).toBeUndefined()
  })
})

describe('JSON', () => {
  it('HTTP-08 a repeated member is refused on a strictJson route', async () => {
    const response = await send(jsonRequest('/strict', '{"role":"user","role":"admin"}'))
    expect(statusOf(response)).toBe(400)
    expect(response).toContain('json/duplicate-member')
  })

  it.each(['{"a":{"b":1,"b":2}}', '{"a":[{"x":1},{"x":2,"\\u0078":3}]}', '{"a\\"b":1 , "a\\"b" : 2}'])(
    'HTTP-08 a repeated member is found anywhere: %s',
    async (body) => {
      expect(await send(jsonRequest('/strict', body))).toContain('json/duplicate-member')
    },
  )

  it.each(['{"a":{"x":1},"b":{"x":1}}', '{"a":"{\\"a\\":1,\\"a\\":2}","b":["a","a"]}', '[{"a":1},{"a":1}]', '"a"', '{"a":"\\\\"}'])(
    'HTTP-08 members that only look repeated are taken: %s',
    async (body) => {
      const response = await send(jsonRequest('/strict', body))
      expect(statusOf(response)).toBe(200)
      expect(response).toContain(`{"got":${JSON.stringify(JSON.parse(body))}}`)
    },
  )

  const members = (count: number): string => `{${Array.from({ length: count }, (_, at) => `"k${at}":${at}`).join(',')}}`

  it.each([
    ['JSON 50,000 levels deep', '['.repeat(50_000) + ']'.repeat(50_000), 'application/json', 400, 'json/limit-exceeded'],
    ['JSON 33 levels deep', '['.repeat(33) + ']'.repeat(33), 'application/json', 400, 'json/limit-exceeded'],
    ['a body of 1 MiB and a byte', `"${'x'.repeat(1_048_575)}"`, 'application/json', 413, 'http/body-too-large'],
    ['an object with 1,001 members', members(1_001), 'application/json', 400, 'json/limit-exceeded'],
    ['charset=utf-16', '{}', 'application/json; charset=utf-16', 415, 'http/unsupported-media-type'],
    ['charset="latin1"', '{}', 'application/json; charset="latin1"', 415, 'http/unsupported-media-type'],
    ['JSON that is none', '{"a":', 'application/json', 400, 'json/invalid'],
  ])('HTTP-09 %s is refused', async (_name, body, contentType, status, code) => {
    const response = await send(jsonRequest('/open', body, contentType))
    expect(statusOf(response)).toBe(status)
    expect(response).toContain(code)
  })

  it.each([
    ['32 levels', '['.repeat(32) + ']'.repeat(32), 'application/json'],
    ['1,000 members', members(1_000), 'application/json'],
    ['40 brackets inside a string', JSON.stringify('['.repeat(40)), 'application/json; charset=UTF-8'],
    ['many small objects', JSON.stringify(Array.from({ length: 2_000 }, (_, id) => ({ id }))), 'application/json; charset="utf-8"'],
  ])('HTTP-09 %s are taken', async (_name, body, contentType) => {
    expect(statusOf(await send(jsonRequest('/open', body, contentType)))).toBe(200)
  })

  it.each(['gzip', 'foo', 'br, gzip'])('HTTP-09 a Content-Encoding of %s is refused with 415', async (encoding) => {
    reached.length = 0
    const response = await send(jsonRequest('/open', '{}', 'application/json', [`Content-Encoding: ${encoding}`]))
    expect(statusOf(response)).toBe(415)
    expect(reached).toEqual([])
  })

  it('never coerces a body', async () => {
    const response = await send(jsonRequest('/people', '{"name":"Ada","age":"7"}'))
    expect(statusOf(response)).toBe(400)
    expect(response).toContain('"path":"/age"')
  })

  it('coerces query and path', async () => {
    expect(await send(get('/search?a=7&tags=x'))).toContain('{"got":{"a":7,"tags":["x"]}}')
    expect(await send(get('/items/12'))).toContain('{"got":{"id":12}}')
    expect(statusOf(await send(get('/items/twelve')))).toBe(400)
  })
})

describe('names given twice', () => {
  it('reads as many pairs as it allows', async () => {
    const open = await createApp({ maxQueryPairs: 2_000 })
    open.get('/', async (request) => ({ pairs: Object.keys(request.query as object).length }))
    const query = Array.from({ length: 1_500 }, (_, at) => `${at}=`).join('&')
    expect((await open.inject(`/?${query}`)).json()).toEqual({ pairs: 1_500 })
    await open.close()
  })

  it('HTTP-19 a repeated scalar parameter is refused', async () => {
    expect(statusOf(await send(get('/search?a=1&a=2')))).toBe(400)
  })

  it('HTTP-19 a name in query and body is never merged', async () => {
    const response = await send(jsonRequest('/merge?a=query', '{"a":"body"}'))
    expect(response).toContain('{"body":{"a":"body"},"query":{"a":"query"}}')
  })
})

describe('sizes', () => {
  it.each([
    ['2,100 headers', get('/open', ['Host: shop.test', ...Array.from({ length: 2_100 }, (_, at) => `a${at}: b`)]), 431],
    ['101 headers', get('/open', ['Host: shop.test', ...Array.from({ length: 99 }, (_, at) => `a${at}: b`)]), 431],
    ['a header of 20 KB', get('/open', ['Host: shop.test', `a: ${'x'.repeat(20_000)}`]), 431],
    ['a URL of 10 KB', get(`/open?${'x'.repeat(10_000)}`), 414],
    ['101 query pairs', get(`/open?${Array.from({ length: 101 }, (_, at) => `a${at}=1`).join('&')}`), 400],
    ['a path parameter of 101 characters', get(`/items/${'1'.repeat(101)}`), 414],
    ['a path that is no URL', get('/%E0%A4%A'), 400],
    ['100 headers', get('/open', ['Host: shop.test', ...Array.from({ length: 98 }, (_, at) => `a${at}: b`)]), 200],
    ['100 query pairs', get(`/open?${Array.from({ length: 100 }, (_, at) => `a${at}=1`).join('&')}`), 200],
  ])('HTTP-20 %s', async (_name, bytes, status) => {
    const response = await send(bytes)
    expect(statusOf(response)).toBe(status)
    if (status !== 200) expect(response).toContain('application/problem+json')
  })
})

describe('methods', () => {
  it('refuses TRACE and CONNECT with 405', async () => {
    expect(statusOf(await send('TRACE /open HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n'))).toBe(405)
    expect(statusOf(await send('CONNECT shop.test:443 HTTP/1.1\r\nHost: shop.test\r\n\r\n'))).toBe(405)
  })
})

describe('the path a guard sees', () => {
  it.each(['/%E0%A4%A', '/%61dmin', '//admin', '/admin%2f', '/ADMIN', '/admin', '/admin/'])(
    'HTTP-11 %s reaches the handler only through the guard',
    async (path) => {
      const passed: string[] = []
      const guarded = await createApp()
      guarded.get('/admin', { onRequest: async () => void passed.push('guard') }, async () => {
        passed.push('handler')
        return 'admin'
      })
      const { statusCode } = await guarded.inject(path)
      expect(passed).toEqual(statusCode === 200 ? ['guard', 'handler'] : [])
      await guarded.close()
    },
  )
})

describe('header values', () => {
  it('HTTP-14 a value with a line break never becomes a second header', async () => {
    const open = await createApp()
    open.get('/', async (request, reply) => {
      reply.header('x-echo', (request.query as { value: string }).value)
      return 'ok'
    })
    const response = await open.inject('/?value=a%0d%0aset-cookie:%20b=c')
    expect(response.statusCode).toBe(400)
    expect(response.headers['set-cookie']).toBeUndefined()
    expect(response.json()).toMatchObject({ code: 'http/invalid-header' })
    await open.close()
  })
})
