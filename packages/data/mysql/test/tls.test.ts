import { createDb } from '@covet/db'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { ownServer, type OwnServer } from '@covet-workspace/tooling/services'
import { describeWhere } from '@covet-workspace/tooling/services/jest'
import { mysql, type MysqlOptions } from '../src/index.ts'
import { makeCertificates } from './support/certificates.ts'

const { ca, cert, key } = makeCertificates(['DNS:db.test', 'IP:127.0.0.1'])
const others = makeCertificates(['DNS:localhost'])

async function cipher(options: MysqlOptions): Promise<unknown> {
  await using db = createDb(mysql(options))
  const [row] = await db.sql<{ Value: string }>`show session status like 'Ssl_cipher'`
  return row?.Value
}

function startServer(certificates: { ca: string; cert: string; key: string }): Promise<OwnServer> {
  return ownServer('mariadb', ({ write }) => [
    `--ssl-ca=${write('ca.pem', certificates.ca)}`,
    `--ssl-cert=${write('server.pem', certificates.cert)}`,
    `--ssl-key=${write('server.key', certificates.key)}`,
  ])
}

describeWhere('mariadb', 'TLS', () => {
  let server: OwnServer
  let stranger: OwnServer
  beforeAll(async () => {
    ;[server, stranger] = await Promise.all([startServer({ ca, cert, key }), startServer(others)])
  }, 60_000)
  afterAll(async () => {
    await Promise.all([server, stranger].map((one) => one[Symbol.asyncDispose]()))
  })

  it('encrypts when the authority is trusted and the name is right, by name and by address', async () => {
    const { url } = server
    expect(await cipher({ url, ssl: { ca } })).toMatch(/^TLS_|^ECDHE/)
    expect(await cipher({ url, ssl: { ca, servername: 'db.test' } })).toMatch(/^TLS_|^ECDHE/)
    expect(await cipher({ url: stranger.url, host: 'localhost', ssl: { ca: others.ca } })).toMatch(/^TLS_|^ECDHE/)
    expect(await cipher({ url })).toBe('')
  })

  it('serves many connections, streams and cancellations', async () => {
    await using db = createDb(mysql({ url: server.url, ssl: { ca }, pool: { max: 4 } }))
    expect(await Promise.all(Array.from({ length: 20 }, (_, n) => db.sql.first`select ${n} as n`))).toHaveLength(20)
    const controller = new AbortController()
    const slow = db.sql.with({ signal: controller.signal })`select sleep(10)`
    setTimeout(() => controller.abort(new Error('client left')), 50)
    await expect(slow).rejects.toThrow('client left')
    for await (const _ of db.sql.stream`select 1 union select 2`) continue
  })

  it('refuses an authority it was not told of, before it says who it is', async () => {
    const { url } = server
    await expect(createDb(mysql({ url, ssl: true })).connect()).rejects.toThrow(
      /self-signed certificate in certificate chain|unable to (?:verify|get)/,
    )
    await expect(createDb(mysql({ url, ssl: { ca: others.ca } })).connect()).rejects.toMatchObject({ code: 'db/connection-failed' })
  })

  it.each([
    ['its address', { host: '127.0.0.1' }],
    ['a name that was asked for', { ssl: { ca: others.ca, servername: 'db.test' } }],
  ])('refuses a certificate of the right authority for somebody else, by %s', async (_, options) => {
    await expect(createDb(mysql({ url: stranger.url, ssl: { ca: others.ca }, ...options })).connect()).rejects.toThrow(
      /altnames|does not match/,
    )
  })

  it('takes any certificate when it is told to, dangerously', async () => {
    expect(await cipher({ url: stranger.url, ssl: { dangerouslyAcceptAnyCertificate: true } })).toMatch(/^TLS_|^ECDHE/)
  })

  it('never falls back to plain text', async () => {
    await using plain = await ownServer('mariadb', () => ['--skip-ssl'])
    await expect(createDb(mysql({ url: plain.url, ssl: true })).connect()).rejects.toThrow('Server does not support secure connection')
    expect(await cipher({ url: plain.url })).toBe('')
  }, 60_000)
})
