import { describe, expect, it } from '@jest/globals'
import { httpClient, rawConnection, rawHttp } from '@covet/testing'
import { logLines, startApp } from './support/start-app.ts'

const close = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: app.test\r\nConnection: close\r\n\r\n`

describe('an error nobody planned', () => {
  it.each([
    ['a handler', '/throw'],
    ['a promise', '/reject'],
    ['a hook before the handler', '/pre-handler'],
    ['a hook after it', '/on-send'],
    ['a serializer', '/serializer'],
    ['a stream before its first byte', '/early-stream'],
  ])('REL-13 in %s is one 500 for that request, and the process lives', async (_place, path) => {
    await using app = await startApp('faults')
    const { responses } = await rawHttp(app.port, close(path))
    expect(responses).toHaveLength(1)
    expect(responses[0]?.status).toBe(500)
    expect(responses[0]?.body).not.toContain('fault in')
    await httpClient(app.url).get('/ping').expect(200)
    expect(app.process.hasExited).toBe(false)
  })

  it('REL-13 in a stream after its first byte cuts that response, so that it cannot pass for a whole one', async () => {
    await using app = await startApp('faults')
    await using connection = await rawConnection(app.port)
    connection.write(close('/late-stream'))
    expect(await connection.response()).toBeUndefined()
    await httpClient(app.url).get('/ping').expect(200)
  })

  it.each([
    ['thrown after the reply', '/after-reply', 'answered'],
    ['a second reply', '/twice', 'once'],
  ])('REL-13 %s changes nothing that was sent, and nothing is sent twice', async (_place, path, body) => {
    await using app = await startApp('faults')
    await using connection = await rawConnection(app.port)
    connection.write(`GET ${path} HTTP/1.1\r\nHost: app.test\r\n\r\n`)
    expect(await connection.response()).toMatchObject({ status: 200, body })
    connection.write(close('/ping'))
    expect(await connection.response()).toMatchObject({ status: 200, body: 'pong' })
    expect(await connection.response()).toBeUndefined()
    expect(connection.rest).toBe('')
  })

  it.each([
    ['a timer', '/timer', 'timer'],
    ['a promise nobody waits for', '/unhandled', 'unhandled promise'],
    ['a stream nobody listens to', '/emitter', 'a stream nobody listens to'],
  ])(
    'REL-13 in %s is logged, requests in flight finish, and the process exits with 1',
    async (_place, path, place) => {
      await using app = await startApp('faults')
      await using connection = await rawConnection(app.port)
      connection.write('GET /slow HTTP/1.1\r\nHost: app.test\r\n\r\n')
      const client = httpClient(app.url)
      await client.get(path).expect(200)
      expect(await connection.response()).toMatchObject({ status: 200, body: 'done' })
      expect(await app.process.exit).toEqual({ code: 1, signal: null })
      expect(logLines(app)).toContainEqual(
        expect.objectContaining({ level: 60, err: expect.objectContaining({ message: `fault in ${place}` }) }),
      )
    },
    30_000,
  )
})
