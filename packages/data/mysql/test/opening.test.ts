import { createServer, type AddressInfo, type Socket } from 'node:net'
import { Secret } from '@covet/core'
import { createDb } from '@covet/db'
import { describe, expect, it } from '@jest/globals'
import { errors, mysql, type MysqlOptions } from '../src/index.ts'
import { resolveMysqlOptions } from '../src/options.ts'
import { serverOf, sessionSql } from '../src/session.ts'
import { describeServers } from './support/servers.ts'

describeServers('opening', (server) => {
  it('takes a URL or its parts, and a password that is a secret', async () => {
    const { url } = await server.open()
    const { hostname, port, username, password, pathname } = new URL(url)
    const login = { user: username, password: new Secret(decodeURIComponent(password)), database: pathname.slice(1) }
    for (const options of [
      { url },
      { url: new Secret(url) },
      { host: hostname, port: Number(port), ...login },
      { url: `mariadb://${hostname}:${port}`, ...login },
    ]) {
      await using db = createDb(mysql(options))
      expect(await db.sql`select database() as name`).toEqual([{ name: login.database }])
    }
  })

  it('says what is wrong, where, and never the password', async () => {
    const { url } = await server.open()
    const wrong = new URL(url)
    wrong.password = 'not-the-password'
    const login = await createDb(mysql({ url: wrong.href }))
      .connect()
      .catch((error: unknown) => error)
    expect(login).toMatchObject({ code: 'db/connection-failed', message: expect.stringContaining(`Access denied for user`) })
    expect(login).toMatchObject({ message: expect.stringContaining(wrong.host) })
    expect(String(login)).not.toContain('not-the-password')
    wrong.href = url
    wrong.pathname = '/covet_nowhere'
    await expect(createDb(mysql({ url: wrong.href })).connect()).rejects.toThrow(`Unknown database 'covet_nowhere'`)
  })

  it('knows the server, and how many connections it takes', async () => {
    const { url } = await server.open()
    const [node] = mysql({ url }).connection.driver.nodes
    const connection = await node.connect('writer')
    expect(connection.server.product).toBe(server.product)
    expect(connection.server.version[0]).toBeGreaterThanOrEqual(8)
    expect(connection.server.maxConnections).toBeGreaterThan(0)
    expect(connection.isOpen).toBe(true)
    await connection.close()
    await connection.close()
    expect(connection.isOpen).toBe(false)
  })
})

describe('opening a server that is not there', () => {
  it.each([
    ['says nothing', (): void => undefined, /connect ETIMEDOUT/],
    ['hangs up', (socket: Socket) => void socket.end(), /Connection lost/],
    ['falls silent after the handshake', greet, /The session was not set up within 300 ms/],
    ['speaks another language', (socket: Socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), /./],
  ])('or %s, fails in time', async (_, answer, message) => {
    const sockets = new Set<Socket>()
    const server = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => undefined)
      answer(socket)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const opened = createDb(mysql({ port, connectTimeout: 300 })).connect()
    await expect(opened).rejects.toMatchObject({ code: 'db/connection-failed', message: expect.stringMatching(message) })
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })

  it('fails with its address', async () => {
    await expect(createDb(mysql({ host: '127.0.0.1', port: 1 })).connect()).rejects.toMatchObject({
      code: 'db/connection-failed',
      statusCode: 503,
      message: expect.stringMatching(/ECONNREFUSED.*: 127\.0\.0\.1:1\.$/),
    })
    await expect(createDb(mysql({ socketPath: '/nowhere/socket' })).connect()).rejects.toThrow('/nowhere/socket')
  })
})

/** A greeting of protocol version 10, and OK to whatever the client answers; nothing after it. */
function greet(socket: Socket): void {
  const capabilities = 0x00_08_82_00
  const halves = [capabilities & 0xff_ff, capabilities >>> 16].map((half) => Buffer.from([half & 0xff, half >>> 8]))
  const [connection, status, reserved] = [Buffer.from([1, 0, 0, 0]), Buffer.from([2, 0]), Buffer.alloc(10)]
  const scramble = Buffer.alloc(20, 'a')
  socket.write(
    packet(0, [
      Buffer.from('\n10.11.6-MariaDB\0'),
      connection,
      scramble.subarray(0, 8),
      Buffer.from([0]),
      halves[0] as Buffer,
      Buffer.from([45]),
      status,
      halves[1] as Buffer,
      Buffer.from([21]),
      reserved,
      scramble.subarray(8),
      Buffer.from('\0mysql_native_password\0'),
    ]),
  )
  socket.once('data', () => socket.write(packet(2, [Buffer.from([0, 0, 0, 2, 0, 0, 0])])))
}

function packet(sequence: number, parts: readonly Buffer[]): Buffer {
  const payload = Buffer.concat(parts)
  const header = Buffer.alloc(4)
  header.writeUIntLE(payload.length, 0, 3)
  header.writeUInt8(sequence, 3)
  return Buffer.concat([header, payload])
}

describe('options', () => {
  it.each([
    [{ url: 'postgres://localhost/app' }, '`url`'],
    [{ url: 'no url' }, '`url`'],
    [{ url: 'mysql://localhost/app?ssl=false' }, '`url: ?ssl`'],
    [{ port: 0 }, '`port` is 0'],
    [{ port: 65_536 }, '`port` is 65536'],
    [{ prepare: 'always' as 'auto' }, '`prepare` is "always"'],
    [{ statementCache: 0 }, '`statementCache` is 0'],
    [{ cancelTimeout: 0 }, '`cancelTimeout` is "0 ms"'],
    [{ connectTimeout: 0 }, '`connectTimeout` is "0 ms"'],
    [{ replicas: [{ weight: 0 }] }, '`replicas.weight` is 0'],
  ])('%j is refused', (options: MysqlOptions, message) => {
    expect(() => mysql(options)).toThrow(errors.InvalidMysqlOptionError)
    expect(() => mysql(options)).toThrow(message)
  })

  it.each(['statementTimeout', 'connectTimeout', 'cancelTimeout'])('%s is refused when no timer waits so long', (option) => {
    expect(() => mysql({ [option]: '25d' })).toThrow(`\`${option}\` is 25d, but must be 24 days at most`)
  })

  it('give the server two seconds to answer a cancellation, or as long as it is told', () => {
    expect(resolveMysqlOptions({}).cancelTimeout).toBe(2_000)
    expect(resolveMysqlOptions({ cancelTimeout: '1m' }).cancelTimeout).toBe(60_000)
  })

  it('never show a URL that is wrong, which may hold a password', () => {
    expect(() => mysql({ url: 'http://user:not-the-password@host' })).not.toThrow('not-the-password')
  })

  it('name the nodes without credentials, the primary first, with what the replicas share', () => {
    const options: MysqlOptions = {
      url: 'mysql://user:p%40ss@db.example/app',
      replicas: [{ url: 'mysql://reader@one.example:3307', weight: 2 }, { host: '::1' }, { socketPath: '/run/mysqld.sock' }],
      pool: { max: 7 },
    }
    const { driver } = mysql(options).connection
    expect(driver.nodes.map(({ name, role, weight }) => [name, role, weight])).toEqual([
      ['db.example:3306', 'primary', 1],
      ['one.example:3307', 'replica', 2],
      ['[::1]:3306', 'replica', 1],
      ['/run/mysqld.sock', 'replica', 1],
    ])
    expect(driver.limits).toEqual({ writer: 7, reader: 0, stream: 0 })
    const { primary, replicas } = resolveMysqlOptions(options)
    expect([primary.user, primary.password?.reveal(), primary.database]).toEqual(['user', 'p@ss', 'app'])
    expect(replicas.map(({ user, password, database }) => [user, password?.reveal(), database])).toEqual([
      ['reader', 'p@ss', 'app'],
      ['user', 'p@ss', 'app'],
      ['user', 'p@ss', 'app'],
    ])
    expect(JSON.stringify(primary)).not.toContain('p@ss')
  })

  it('verify TLS, except on this machine or when told otherwise', () => {
    const tls = (options: MysqlOptions): unknown => resolveMysqlOptions(options).primary.tls
    const verified = { rejectUnauthorized: true, verifyIdentity: true }
    expect(tls({ host: 'db.example' })).toEqual({ servername: 'db.example', ssl: verified })
    // A resolver may ask the network for it.
    expect(tls({ host: 'db.localhost' })).toEqual({ servername: 'db.localhost', ssl: verified })
    expect(tls({ host: '10.0.0.5' })).toEqual({ servername: '10.0.0.5', ssl: verified })
    expect(tls({ host: 'db.example', ssl: { ca: 'PEM', cert: 'C', key: 'K', servername: 'other.example' } })).toEqual({
      servername: 'other.example',
      ssl: { ...verified, ca: 'PEM', cert: 'C', key: 'K' },
    })
    expect(tls({ host: 'db.example', ssl: { dangerouslyAcceptAnyCertificate: true } })).toMatchObject({
      ssl: { rejectUnauthorized: false },
    })
    expect(tls({ ssl: true })).toMatchObject({ servername: '127.0.0.1' })
    for (const host of ['127.0.0.1', '127.1.2.3', '::1', 'localhost']) expect(tls({ host })).toBeUndefined()
    expect(tls({ socketPath: '/run/mysqld.sock', host: 'db.example' })).toBeUndefined()
    expect(tls({ host: 'db.example', ssl: false })).toBeUndefined()
  })

  it('find fault with every server whose certificate is taken unseen', () => {
    const found = (options: MysqlOptions): unknown => mysql(options).connection.findings?.map(({ id, message }) => [id, message])
    const ssl = { dangerouslyAcceptAnyCertificate: true }
    expect(found({ host: 'db.example', ssl, replicas: [{ host: 'one.example' }] })).toEqual([
      ['C020', expect.stringMatching(/dangerouslyAcceptAnyCertificate.* db\.example:3306 or one\.example:3306 .*ssl: \{ ca \}/)],
    ])
    for (const options of [{ host: 'db.example' }, { host: 'db.example', ssl: { ca: 'PEM' } }, {}, { ssl: false }])
      expect(found(options)).toEqual([])
  })

  it('have plans for what they explain, and nothing else', () => {
    const { driver } = mysql({}).connection
    expect(driver.explain?.('select 1')).toBe('explain select 1')
    expect(driver.explain?.('select 1', { product: 'MariaDB', version: [10, 11, 0] })).toBe('analyze format=json select 1')
    expect(driver.explain?.('(select 1)', { product: 'MySQL', version: [8, 4, 0] })).toBe('explain analyze (select 1)')
    expect(driver.explain?.('create table a (id int)')).toBeUndefined()
    expect(driver.quoteIdentifier('a`b')).toBe('`a``b`')
    expect(driver.placeholder(3)).toBe('?')
  })
})

describe('the server', () => {
  it.each([
    ['10.11.6-MariaDB-0+deb12u1', 'MariaDB', [10, 11, 6]],
    ['5.5.5-10.6.0-MariaDB', 'MariaDB', [10, 6, 0]],
    ['11.8.2-MariaDB-log', 'MariaDB', [11, 8, 2]],
    ['8.4.0', 'MySQL', [8, 4, 0]],
    ['8.0.36-0ubuntu0.22.04.1', 'MySQL', [8, 0, 36]],
  ])('that greets with %s is known', (greeting, product, version) => {
    expect(serverOf(greeting)).toEqual({ product, version })
  })

  it.each(['5.7.44-log', '5.5.5-10.5.23-MariaDB', 'nothing'])('that greets with %s is too old', (greeting) => {
    expect(() => serverOf(greeting)).toThrow(errors.UnsupportedServerError)
  })

  it('gets the settings it knows', () => {
    const options = { statementTimeout: 1_500, lockTimeout: 1, idleInTransactionTimeout: 0 }
    const mariadb = sessionSql({ product: 'MariaDB', version: [10, 11, 6] }, options)
    expect(mariadb).toContain('max_statement_time = 1.5')
    expect(mariadb).toContain('innodb_lock_wait_timeout = 1')
    expect(mariadb).toContain('idle_transaction_timeout = 0')
    const own = sessionSql({ product: 'MySQL', version: [8, 4, 0] }, options)
    expect(own).toContain('max_execution_time = 1500')
    expect(own).toContain("transaction_isolation = 'REPEATABLE-READ'")
    expect(own).not.toContain('idle_transaction_timeout')
  })
})
