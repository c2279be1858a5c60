import { Secret } from '@covet/core'
import { createDb } from '@covet/db'
import { eventually, failure } from '@covet/testing'
import { describe, expect, it } from '@jest/globals'
import { describeWith } from '@covet-workspace/tooling/services/jest'
import { errors, postgres, type PostgresOptions } from '../src/index.ts'
import { resolvePostgresOptions } from '../src/options.ts'

describe('options', () => {
  const resolve = (options: PostgresOptions): ReturnType<typeof resolvePostgresOptions> => resolvePostgresOptions(options)

  it('have defaults that bound everything', () => {
    const { servers, session } = resolve({})
    expect(servers).toMatchObject([{ name: 'localhost:5432', role: 'primary', weight: 1, tls: false }])
    expect(session).toEqual({
      statementTimeout: 30_000,
      lockTimeout: 0,
      idleInTransactionTimeout: 60_000,
      connectTimeout: 10_000,
      cancelTimeout: 2_000,
      prepare: 'auto',
      statementCache: 256,
      applicationName: 'covet',
      settings: {},
    })
  })

  it('come from a URL, those given beside it first', () => {
    const url = new Secret(
      'postgresql://us%40er:p%2Fw@db.example.com:6000/my%20db?application_name=shop&sslmode=verify-ca&channel_binding=require',
    )
    const [server] = resolve({ url }).servers
    expect(server).toMatchObject({ name: 'db.example.com:6000', user: 'us@er', database: 'my db', channelBinding: true })
    expect(server.password?.reveal()).toBe('p/w')
    expect(resolve({ url }).session.applicationName).toBe('shop')
    const over = resolve({ url, host: '::1', port: 7000, user: 'b', password: 'c', database: 'd', applicationName: 'e' })
    expect(over.servers[0]).toMatchObject({ name: '[::1]:7000', user: 'b', database: 'd' })
    expect(over.servers[0].password?.reveal()).toBe('c')
    expect(over.session.applicationName).toBe('e')
  })

  it('find a socket and an IPv6 address in a URL', () => {
    expect(resolve({ url: 'postgres://u@%2Fvar%2Frun%2Fpostgresql/db' }).servers[0]).toMatchObject({
      host: '/var/run/postgresql',
      tls: false,
    })
    expect(resolve({ url: 'postgres:///db?host=/tmp&port=6000&user=u&password=p&dbname=x' }).servers[0]).toMatchObject({
      host: '/tmp',
      port: 6000,
      user: 'u',
      database: 'x',
    })
    expect(resolve({ url: 'postgres://[::1]:6000/db' }).servers[0]).toMatchObject({ host: '::1', port: 6000, tls: false })
  })

  it('give replicas the account, database and TLS of the primary, unless their URL has its own', () => {
    const { servers } = resolve({
      url: 'postgres://u:p@primary.example.com/db?sslmode=verify-ca',
      replicas: [{ host: 'one.example.com' }, { url: 'postgres://v:q@two.example.com:6000/other?sslmode=disable', weight: 3 }],
    })
    const [primary, one, two] = servers
    expect(primary).toMatchObject({ role: 'primary' })
    expect(one).toMatchObject({
      name: 'one.example.com:5432',
      role: 'replica',
      weight: 1,
      user: 'u',
      database: 'db',
      tls: { rejectUnauthorized: true },
    })
    expect(one?.password?.reveal()).toBe('p')
    expect(two).toMatchObject({ name: 'two.example.com:6000', weight: 3, user: 'v', database: 'other', tls: false })
    expect(two?.password?.reveal()).toBe('q')
  })

  it.each<[PostgresOptions, string]>([
    [{ url: 'mysql://localhost/db' }, '`url` is not one of PostgreSQL'],
    [{ url: 'postgres://user:se/cret@host:99999/db' }, '`url` is not a URL'],
    [{ url: 'postgres://u:secret%@host/db' }, '`url` is not percent-encoded'],
    [{ url: 'postgres://u:secret@a,b/db' }, '`url` is one with several hosts'],
    [{ url: 'postgres://u:secret@host/db?ssl_mode=require' }, '`url` is one with the parameter ssl_mode'],
    [{ url: 'postgres://u:secret@host/db?sslmode=none' }, '`url: sslmode` is "none"'],
    [{ host: '' }, '`host` is ""'],
    [{ port: 0 }, '`port` is 0'],
    [{ prepare: 'always' as 'auto' }, '`prepare` is "always"'],
    [{ statementCache: 1 }, '`statementCache` is 1'],
    [{ connectTimeout: 0 }, '`connectTimeout` is 0 ms'],
    [{ replicas: [{ host: 'a', weight: 0 }] }, '`replicas: weight` is 0'],
  ])('%p is refused', (options, message) => {
    expect(() => postgres(options)).toThrow(errors.InvalidPostgresOptionError)
    expect(() => postgres(options)).toThrow(message)
    expect(() => postgres(options)).not.toThrow('secret')
  })

  it.each(['statementTimeout', 'lockTimeout', 'idleInTransactionTimeout', 'connectTimeout', 'cancelTimeout'])(
    'a %s that no timer waits for is refused, instead of being over at once',
    (option) => {
      expect(() => postgres({ [option]: '25d' })).toThrow(`\`${option}\` is 25d, but must be 24 days at most`)
    },
  )
})

describe('a server that cannot be reached', () => {
  it('is named in the error, its credentials are not', async () => {
    await using db = createDb(postgres({ url: 'postgres://user:secret@127.0.0.1:1/db' }))
    const error = await failure(db.connect())
    expect(error).toMatchObject({
      code: 'db/connection-failed',
      statusCode: 503,
      message: expect.stringContaining('127.0.0.1:1: connect ECONNREFUSED'),
    })
    expect(String(error)).not.toContain('secret')
    await using both = createDb(postgres({ host: 'localhost', port: 1, user: 'a' }))
    await expect(both.connect()).rejects.toThrow('ECONNREFUSED')
  })
})

describeWith('postgres', 'a session', (open) => {
  it('has the settings the rest relies on, and those it was given', async () => {
    const { url } = await open()
    const options = { applicationName: 'shop', lockTimeout: '3s', settings: { search_path: 'app, public', work_mem: '8MB' } } as const
    await using db = createDb(postgres({ url, ...options }))
    const setting = async (name: string): Promise<unknown> =>
      (await db.sql.first<{ value: string }>`select current_setting(${name}) as value`)?.value
    const expected = {
      TimeZone: 'UTC',
      DateStyle: 'ISO, MDY',
      standard_conforming_strings: 'on',
      client_encoding: 'UTF8',
      application_name: 'shop',
      statement_timeout: '30s',
      lock_timeout: '3s',
      idle_in_transaction_session_timeout: '1min',
      search_path: 'app, public',
      work_mem: '8MB',
    }
    const found = await Promise.all(Object.keys(expected).map(async (name) => [name, await setting(name)]))
    expect(Object.fromEntries(found)).toEqual(expected)
  })

  it('is refused with a wrong password or without one, by an error that says so and nothing else', async () => {
    const { url } = await open()
    const wrong = createDb(postgres({ url, password: new Secret('not the password') }))
    await expect(wrong.connect()).rejects.toMatchObject({
      code: 'db/connection-failed',
      message: expect.stringContaining('password authentication failed'),
    })
    const { hostname, port, username, pathname } = new URL(url)
    const without = createDb(postgres({ host: hostname, port: Number(port), user: username, database: pathname.slice(1) }))
    await expect(without.connect()).rejects.toMatchObject({ code: 'db/connection-failed', message: expect.stringContaining('password') })
    const watcher = createDb(postgres({ url }))
    await eventually(async () =>
      expect(await watcher.sql`select from pg_stat_activity where datname is null and backend_type = 'client backend'`).toEqual([]),
    )
    await watcher.close()
    const missing = createDb(postgres({ url, database: 'nowhere' }))
    await expect(missing.connect()).rejects.toThrow('database "nowhere" does not exist')
  })

  it('knows its server, and how many connections that takes', async () => {
    const { url } = await open()
    const { connection } = postgres({ url })
    const opened = await connection.driver.nodes[0].connect('writer')
    expect(opened.server).toEqual({ product: 'PostgreSQL', version: [expect.any(Number), expect.any(Number), 0], maxConnections: 197 })
    expect(opened.server.version[0]).toBeGreaterThanOrEqual(15)
    await opened.close()
    expect(opened.isOpen).toBe(false)
  })
})
