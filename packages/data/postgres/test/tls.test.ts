import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createDb } from '@covet/db'
import { failure } from '@covet/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ownServer, type OwnServer } from '@covet-workspace/tooling/services'
import { describeWhere } from '@covet-workspace/tooling/services/jest'
import { errors, postgres, type PostgresOptions } from '../src/index.ts'
import { resolveTls } from '../src/tls.ts'
import { makeCertificates, type Certificates } from './support/certificates.ts'

describe('TLS by configuration', () => {
  it('is verified wherever there is a network, and plain text where there is none', () => {
    expect(resolveTls('db.example.com', undefined, {})).toMatchObject({ rejectUnauthorized: true })
    expect(resolveTls('10.0.0.5', undefined, { mode: 'prefer' })).toMatchObject({ rejectUnauthorized: true })
    // A resolver may ask the network for it.
    expect(resolveTls('db.localhost', undefined, {})).toMatchObject({ rejectUnauthorized: true })
    for (const host of ['localhost', '127.0.0.1', '127.0.1.1', '::1', '/var/run/postgresql'])
      expect(resolveTls(host, undefined, {})).toBe(false)
    expect(resolveTls('localhost', true, {})).toMatchObject({ rejectUnauthorized: true })
    expect(resolveTls('localhost', undefined, { mode: 'require' })).toMatchObject({ rejectUnauthorized: true })
  })

  it('is off only when somebody says so', () => {
    expect(resolveTls('db.example.com', false, { mode: 'verify-full' })).toBe(false)
    expect(resolveTls('db.example.com', undefined, { mode: 'disable' })).toBe(false)
    expect(resolveTls('db.example.com', {}, { mode: 'disable' })).toMatchObject({ rejectUnauthorized: true })
  })

  it('that takes any certificate is found before it is deployed', () => {
    const found = (options: PostgresOptions): unknown => postgres(options).connection.findings?.map(({ id, message }) => [id, message])
    const ssl = { dangerouslyAcceptAnyCertificate: true }
    expect(found({ host: 'db.example', ssl, replicas: [{ host: 'one.example' }] })).toEqual([
      ['C020', expect.stringMatching(/dangerouslyAcceptAnyCertificate.* db\.example:5432 or one\.example:5432 .*ssl: \{ ca \}/)],
    ])
    for (const options of [{ host: 'db.example' }, { host: 'db.example', ssl: { ca: 'PEM' } }, {}, { host: '/run/postgresql', ssl }])
      expect(found(options)).toEqual([])
  })

  it('refuses the modes and files that are not there', () => {
    expect(() => resolveTls('a', undefined, { mode: 'no-verify' })).toThrow('dangerouslyAcceptAnyCertificate')
    expect(() => resolveTls('a', undefined, { mode: 'require', rootCert: '/nowhere/ca.pem' })).toThrow(errors.InvalidPostgresOptionError)
  })

  it('verifies the name that is asked for, the authority alone for verify-ca', () => {
    const certificate = { subject: { CN: 'db.example.com' }, subjectaltname: 'DNS:db.example.com' } as never
    const check = (...args: Parameters<typeof resolveTls>): unknown => {
      const tls = resolveTls(...args)
      return tls && tls.checkServerIdentity?.('ignored', certificate)
    }
    expect(check('db.example.com', undefined, {})).toBeUndefined()
    expect(check('other.example.com', undefined, {})).toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
    expect(check('10.0.0.5', { servername: 'db.example.com' }, {})).toBeUndefined()
    expect(check('other.example.com', undefined, { mode: 'verify-ca' })).toBeUndefined()
    expect(check('other.example.com', { dangerouslyAcceptAnyCertificate: true }, {})).toBeUndefined()
  })
})

describeWhere('postgres', 'TLS to a server with a certificate of an unknown authority', () => {
  let server: OwnServer
  let certificates: Certificates
  beforeAll(async () => {
    certificates = makeCertificates('localhost')
    server = await ownServer('postgres', ({ write }) => {
      const settings = {
        ssl: 'on',
        ssl_cert_file: write('server.crt', certificates.cert),
        ssl_key_file: write('server.key', certificates.key),
        // The probe that waits for the server speaks plain text; `tls_only` must not.
        hba_file: write(
          'hba',
          'hostssl all all 127.0.0.1/32 scram-sha-256\nhostnossl tls_only all 127.0.0.1/32 reject\nhost all all 127.0.0.1/32 scram-sha-256\n',
        ),
      }
      return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    })
    await using db = createDb(postgres({ url: server.url }))
    await db.sql`create database tls_only`
  }, 120_000)
  afterAll(async () => server[Symbol.asyncDispose]())

  const connect = async (options: PostgresOptions, query = ''): Promise<unknown> => {
    await using db = createDb(postgres({ url: `${server.url}${query}`, host: 'localhost', pool: { max: 1 }, ...options }))
    const usage = await failure(db.connect())
    if (usage) return usage
    return db.sql.first`select ssl from pg_stat_ssl where pid = pg_backend_pid()`
  }

  it('is refused, with what to do', async () => {
    const error = await connect({ ssl: true })
    expect(error).toMatchObject({ code: 'db/connection-failed', message: expect.stringContaining('give its authority as `ssl.ca`') })
    expect(await connect({}, '?sslmode=require')).toMatchObject({ code: 'db/connection-failed' })
  })

  it('is accepted with its authority, from the option or a file', async () => {
    expect(await connect({ ssl: { ca: certificates.ca } })).toEqual({ ssl: true })
    const file = join(tmpdir(), `covet-ca-${process.pid}.pem`)
    writeFileSync(file, certificates.ca)
    expect(await connect({}, `?sslmode=verify-full&sslrootcert=${encodeURIComponent(file)}`)).toEqual({ ssl: true })
  })

  it('is refused by another name, but for verify-ca and for a given servername', async () => {
    const ca = certificates.ca
    const wrong = await connect({ host: '127.0.0.1', ssl: { ca } })
    expect(wrong).toMatchObject({ code: 'db/connection-failed', message: expect.stringContaining('ssl.servername') })
    expect(await connect({ host: '127.0.0.1', ssl: { ca, servername: 'localhost' } })).toEqual({ ssl: true })
    expect(await connect({ host: '127.0.0.1', ssl: { ca } }, '?sslmode=verify-ca')).toEqual({ ssl: true })
  })

  it('is accepted unseen only dangerously', async () => {
    expect(await connect({ ssl: { dangerouslyAcceptAnyCertificate: true } })).toEqual({ ssl: true })
  })

  it('is what a cancellation uses too, to the address that answered', async () => {
    await using db = createDb(postgres({ url: server.url, host: 'localhost', ssl: { ca: certificates.ca }, pool: { max: 1 } }))
    await db.connect()
    const controller = new AbortController()
    const query = failure(db.sql.with({ signal: controller.signal })`select pg_sleep(10)`)
    await pause(50)
    controller.abort(new Error('client left'))
    expect(await query).toMatchObject({ message: 'client left' })
    expect(await db.sql`select 1 as one`).toEqual([{ one: 1 }])
  })

  it('is suggested where the server wants nothing else, and plain text where it has none', async () => {
    expect(await connect({ database: 'tls_only' })).toMatchObject({ message: expect.stringContaining('ssl: true') })
    await using plain = await ownServer('postgres', () => [])
    await using db = createDb(postgres({ url: plain.url, host: 'localhost', ssl: true }))
    await expect(db.connect()).rejects.toThrow('only `ssl: false` sends everything in plain text')
  })
})
