import { describe, expect, it } from '@jest/globals'
import { type ConnectionOptions, errors, resolveConnectionOptions } from '../src/index.ts'

describe('the options of a connection', () => {
  it('have these defaults', () => {
    expect(resolveConnectionOptions()).toEqual({
      pool: { max: 10, min: 0, acquireTimeout: 10_000, idleTimeout: 30_000, maxLifetime: 1_800_000, perScope: Infinity, callSites: 1 },
      slowQuery: undefined,
      breaker: { failures: 5, window: 10_000, openFor: 5_000 },
      health: { every: 5_000, timeout: 1_000, maxLag: 10_000 },
      reads: 'primary',
      readYourWrites: { mode: 'lsn', maxWait: 200, else: 'primary' },
      fallbackToPrimary: true,
    })
    expect(resolveConnectionOptions({ breaker: false, slowQuery: { over: '200ms' } })).toMatchObject({
      breaker: undefined,
      slowQuery: { over: 200, sample: 1, params: 'redact', explain: false },
    })
  })

  it('look at fewer call sites in production', () => {
    const before = process.env['NODE_ENV']
    process.env['NODE_ENV'] = 'production'
    expect(resolveConnectionOptions().pool.callSites).toBe(0.01)
    process.env['NODE_ENV'] = before
  })

  it.each<[string, ConnectionOptions]>([
    ['pool.max', { pool: { max: 0 } }],
    ['pool.min', { pool: { max: 2, min: 3 } }],
    ['pool.perScope', { pool: { perScope: 0 } }],
    ['pool.callSites', { pool: { callSites: 2 } }],
    ['slowQuery.sample', { slowQuery: { over: 1, sample: -1 } }],
    ['slowQuery.params', { slowQuery: { over: 1, params: 'all' as 'show' } }],
    ['breaker.failures', { breaker: { failures: 1.5 } }],
    ['reads', { reads: 'anywhere' as 'replica' }],
    ['readYourWrites.mode', { readYourWrites: { mode: 'timer' as 'lsn' } }],
    ['readYourWrites.else', { readYourWrites: { else: 'nothing' as 'error' } }],
  ])('refuse a %s that means nothing', (option, options) => {
    expect(() => resolveConnectionOptions(options)).toThrow(errors.InvalidDatabaseOptionError)
    expect(() => resolveConnectionOptions(options)).toThrow(`\`${option}\` is`)
  })
})

describe('a time that is waited for', () => {
  it.each<[string, ConnectionOptions]>([
    ['pool.acquireTimeout', { pool: { acquireTimeout: '25d' } }],
    ['health.every', { health: { every: 2 ** 31 } }],
    ['health.timeout', { health: { timeout: '600h' } }],
  ])('%s is refused when it is longer than a timer of Node waits, which would not wait at all', (option, options) => {
    expect(() => resolveConnectionOptions(options)).toThrow(errors.InvalidDatabaseOptionError)
    expect(() => resolveConnectionOptions(options)).toThrow(new RegExp(`\`${option}\` is \\w+, but must be 24 days at most`))
  })

  it('may be 24 days, and what is only compared with the clock longer', () => {
    const { pool, health, breaker } = resolveConnectionOptions({
      pool: { acquireTimeout: '24d', idleTimeout: '365d', maxLifetime: '365d' },
      health: { every: '24d', maxLag: '30d' },
      breaker: { openFor: '30d' },
    })
    expect([pool.acquireTimeout, pool.idleTimeout, pool.maxLifetime]).toEqual([2_073_600_000, 31_536_000_000, 31_536_000_000])
    expect([health.every, health.maxLag, breaker?.openFor]).toEqual([2_073_600_000, 2_592_000_000, 2_592_000_000])
  })
})

describe('errors for drivers to throw', () => {
  it('say what happened, whether it may be tried again, and answer with a status', () => {
    const facts = [
      new errors.SchemaChanged(),
      new errors.ImplicitCommit('create'),
      new errors.StatementTimeout({ statement: 'select 1' }),
      new errors.Deadlock(),
      new errors.ConnectionLost({ sent: false }),
    ].map(({ code, retryable, statusCode }) => [code, retryable, statusCode])
    expect(facts).toEqual([
      ['db/schema-changed', true, 503],
      ['db/implicit-commit', false, 500],
      ['db/statement-timeout', false, 503],
      ['db/deadlock', true, 503],
      ['db/connection-lost', false, 503],
    ])
    expect([new errors.ConnectionLost().sent, new errors.ConnectionLost({ sent: false }).sent]).toEqual([true, false])
    expect(new errors.ImplicitCommit('create').message).toMatch(/^CREATE commits/)
  })
})
