import { describe, expect, it } from '@jest/globals'
import { createApp, Secret } from '../src/index.ts'
import { redactText } from '../src/logging.ts'
import { createSink } from './support/sink.ts'

describe('logging', () => {
  it('gives each request a child logger with its id, and any level', async () => {
    const sink = createSink()
    const app = await createApp({ logger: { sink, level: 'trace' } })
    app.get('/', async (request) => {
      for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const) request.log[level]({ at: level }, 'line')
      request.log.silent('nothing')
      request.log.child({ part: 'child' }).info('from a child')
      expect(request.log.level).toBe('trace')
      return request.id
    })
    const { body: id } = await app.inject('/')
    const lines = sink.lines.filter(({ reqId }) => reqId === id)
    expect(lines.map(({ at, part }) => at ?? part)).toEqual(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'child'])
    await app.close()
  })

  it('keeps to the level of a route, and lets a request change its own', async () => {
    const sink = createSink()
    const app = await createApp({ logger: { sink } })
    app.get('/quiet', { logLevel: 'error' }, async (request) => {
      request.log.info('not written')
      return 'ok'
    })
    app.get('/loud', async (request) => {
      request.log.level = 'debug'
      request.log.debug('written')
      return 'ok'
    })
    await app.inject('/quiet')
    await app.inject('/loud')
    expect(sink.lines.map(({ msg }) => msg)).toEqual(['written'])
    await app.close()
  })

  it('never writes a Secret, and takes a logger that is there already', async () => {
    const sink = createSink()
    const app = await createApp({ logger: { sink } })
    app.log.info({ key: new Secret('hunter2'), text: `${new Secret('hunter2')}` }, 'started')
    expect(sink.text).not.toContain('hunter2')
    expect(sink.lines[0]).toMatchObject({ key: '[secret]', text: '[secret]' })
    const other = await createApp({ logger: app.log })
    other.log.info('through the other')
    expect(sink.lines[1]).toMatchObject({ msg: 'through the other' })
    await Promise.all([app.close(), other.close()])
  })

  it('masks a secret in the message pino takes from an error', async () => {
    const sink = createSink()
    const app = await createApp({ logger: { sink } })
    const error = new Error('"password":"two words", token=abc')
    app.log.error(error)
    app.log.error({ err: error, step: 1 })
    app.log.error(error, 'own message')
    expect(sink.text).not.toMatch(/two words|abc/)
    const masked = '"password":[redacted], token=[redacted]'
    expect(sink.lines.map(({ msg }) => msg)).toEqual([masked, masked, 'own message'])
    expect(sink.lines[1]).toMatchObject({ step: 1, err: { message: masked } })
    await app.close()
  })

  it.each(['a-'.repeat(500_000), `password${' '.repeat(1_000_000)}`, 'token'.repeat(200_000), `a://b:${'c'.repeat(1_000_000)}`])(
    'masks a megabyte of a client in milliseconds',
    (text) => {
      const start = performance.now()
      redactText(text)
      expect(performance.now() - start).toBeLessThan(500)
    },
  )

  it('writes a line for each request when asked to, without the query', async () => {
    const sink = createSink()
    const app = await createApp({ logger: { sink }, requestLog: true })
    app.get('/things/:id', async () => 'ok')
    await app.inject('/things/1?token=abc')
    await app.ready()
    expect(sink.lines).toEqual([
      expect.objectContaining({
        msg: 'request answered',
        method: 'GET',
        path: '/things/1',
        route: '/things/:id',
        status: 200,
        ip: '127.0.0.1',
      }),
    ])
    await app.close()
  })

  it('is silent in test mode unless asked for', async () => {
    const app = await createApp()
    expect(app.log.level).toBeUndefined()
    app.log.info('goes nowhere')
    await app.close()
  })
})
