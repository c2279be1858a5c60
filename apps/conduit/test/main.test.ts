import { httpClient, rawConnection, startProcess, type TestProcess } from '@covet/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { password, temporaryFolder } from './support/conduit.ts'
import { mainScript, urlOf } from './support/main-process.ts'

let folder: string
beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => rm(folder, { recursive: true }))

const start = (env: NodeJS.ProcessEnv = {}): Promise<TestProcess> =>
  startProcess(mainScript, { env: { DATABASE_FILE: join(folder, 'main.db'), PORT: '0', ...env }, ready: /API docs/, timeout: '30s' })

describe('main.ts', () => {
  it('prints where the home page, the API and its documentation are', async () => {
    await using conduit = await start()
    const client = httpClient(urlOf(conduit))
    for (const label of ['Home page', 'API', 'API docs']) {
      const url = new RegExp(`^  ${label} +(\\S+)$`, 'm').exec(conduit.stdout)?.[1]
      await client.get(new URL(url ?? '').pathname).expect(200)
    }
  })

  it('finishes what it has begun when it is told to stop, and exits with 0', async () => {
    await using conduit = await start({ DEMO_DATA: 'false' })
    const user = { username: 'last', email: 'last@test.com', password }
    const body = JSON.stringify({ user })
    await using connection = await rawConnection(Number(new URL(urlOf(conduit)).port))
    const head = ['POST /api/users HTTP/1.1', 'host: conduit.test', 'content-type: application/json', `content-length: ${body.length}`]
    connection.write(`${[...head, 'expect: 100-continue'].join('\r\n')}\r\n\r\n`)
    expect((await connection.response())?.status).toBe(100)

    conduit.signal('SIGTERM')
    await conduit.line(/draining/)
    connection.write(body)
    const answer = await connection.response()
    expect(answer?.status).toBe(201)
    expect(answer?.header('connection')).toBe('close')
    expect(await conduit.exit).toEqual({ code: 0, signal: null })

    await using again = await start()
    await httpClient(urlOf(again)).post('/api/users/login', { json: { user } }).expect(200)
  })

  it('REL-22 listens within bounds with every plugin it has', async () => {
    const started = performance.now()
    await using conduit = await start({ DEMO_DATA: 'false' })
    // The case says 500 ms; benchmarks/reliability has the figure.
    expect(performance.now() - started).toBeLessThan(10_000)
    await httpClient(urlOf(conduit)).get('/api/tags').expect(200)
  })

  it('REL-22 ends fast with 78 when its database cannot be opened, naming it', async () => {
    const started = performance.now()
    await using conduit = await startProcess(mainScript, { env: { DATABASE_FILE: folder, PORT: '0' } })
    expect(await conduit.exit).toEqual({ code: 78, signal: null })
    expect(performance.now() - started).toBeLessThan(10_000)
    expect(conduit.stderr).toContain(folder)
  })

  it('REL-22 does not start in production without a secret, says what is missing, and exits with 78', async () => {
    await using conduit = await startProcess(mainScript, {
      env: { NODE_ENV: 'production', DATABASE_FILE: join(folder, 'none.db'), PORT: '0' },
    })
    const { code } = await conduit.exit
    expect(code).toBe(78)
    expect(conduit.stderr).toContain('JWT_SECRET')
  })
})
