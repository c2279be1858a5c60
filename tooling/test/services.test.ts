import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from '@jest/globals'
import { serverAccount } from '../services/account.ts'
import type { ServiceName } from '../services/definition.ts'
import { definitions, serviceNames } from '../services/definitions.ts'
import { describeWhere } from '../services/jest.ts'
import { installAdvice } from '../services/package-manager.ts'
import { isRunning } from '../services/process.ts'
import type { ServerRecord } from '../services/state.ts'
import { startNode, type ProgramOutcome } from './support/program.ts'
import { probes } from './support/service-probes.ts'
import { ownServices, type OwnServices } from './support/services.ts'

const cli = fileURLToPath(new URL('../services/cli.ts', import.meta.url))

function runCli(services: OwnServices, ...args: readonly string[]): Promise<ProgramOutcome> {
  return startNode([cli, ...args], { env: services.environment }).ended
}

async function privateServer(services: OwnServices, name: ServiceName): Promise<ServerRecord> {
  const { origin } = await services.server(name)
  if (!('pid' in origin)) throw new Error(`${name} came from ${origin.variable}`)
  return origin
}

for (const name of serviceNames) {
  describeWhere(name, `a private ${name}`, () => {
    const services = ownServices()
    const { mark, sees } = probes[name]
    afterAll(async () => services[Symbol.asyncDispose]())

    it('comes up and gives two clean spaces that do not see each other', async () => {
      const [one, other] = await Promise.all([services.service(name), services.service(name)])
      expect(one.name).not.toBe(other.name)
      await mark(one)
      expect(await sees(one)).toBe(true)
      expect(await sees(other)).toBe(false)
      await Promise.all([one.drop(), other.drop()])
    }, 60_000)

    it('listens on loopback, in a folder that only its account enters', async () => {
      const { url, folder } = await privateServer(services, name)
      expect(new URL(url).hostname).toBe('127.0.0.1')
      const { mode, uid } = statSync(folder)
      expect(mode & 0o077).toBe(0)
      expect(uid).toBe(serverAccount()?.uid ?? process.getuid?.())
    })

    it('is reused by a second process', async () => {
      const { url } = await privateServer(services, name)
      const { code, output } = await runCli(services, 'url', name)
      expect(output.trim()).toBe(url)
      expect(code).toBe(0)
    })

    it('ends when it is stopped, and leaves nothing behind', async () => {
      const record = await privateServer(services, name)
      expect((await services.stop(name))?.pid).toBe(record.pid)
      expect(isRunning(record)).toBe(false)
      expect(existsSync(record.folder)).toBe(false)
      expect(services.running(name)).toBeUndefined()
    })
  })
}

describeWhere('memcached', 'services of several processes', () => {
  it('are started once, however many ask at the same time', async () => {
    await using services = ownServices()
    const outcomes = await Promise.all([1, 2, 3].map(() => runCli(services, 'url', 'memcached')))
    expect(new Set(outcomes.map(({ output }) => output)).size).toBe(1)
    expect(outcomes[0]?.output).toContain('memcached://127.0.0.1:')
  })

  it('are stopped one by one: the process that was started, and no other', async () => {
    await using services = ownServices()
    await using others = ownServices()
    const [record, other] = await Promise.all([privateServer(services, 'memcached'), privateServer(others, 'memcached')])
    expect((await runCli(services, 'stop')).output).toContain(`memcached: stopped process ${record.pid}`)
    expect(isRunning(record)).toBe(false)
    expect(isRunning(other)).toBe(true)
  })

  it('are replaced when they have died', async () => {
    await using services = ownServices()
    const before = await privateServer(services, 'memcached')
    process.kill(before.pid, 'SIGKILL')
    const after = await privateServer(services, 'memcached')
    expect(after.pid).not.toBe(before.pid)
    expect(existsSync(before.folder)).toBe(false)
  })

  it('print where they are', async () => {
    await using services = ownServices()
    expect((await runCli(services, 'status', 'memcached')).output).toContain('memcached: not running')
    const { output } = await runCli(services, 'start', 'memcached')
    const record = services.running('memcached')
    expect(output).toContain(`${record?.url} (process ${record?.pid}, data in ${record?.folder})`)
    expect((await runCli(services, 'status', 'memcached')).output).toContain(output.trim())
  })
})

describeWhere('redis', 'a server named in the environment', () => {
  it('is used instead of a private one', async () => {
    await using elsewhere = ownServices()
    const { url } = await elsewhere.server('redis')
    await using services = ownServices({ REDIS_URL: url, PATH: '/nowhere' })
    expect((await services.server('redis')).origin).toEqual({ variable: 'REDIS_URL' })
    expect(services.skipReason('redis')).toBeUndefined()
    const space = await services.service('redis')
    expect(new URL(space.url).port).toBe(new URL(url).port)
    expect(services.running('redis')).toBeUndefined()
    await space.drop()
  })

  it('gives each test a Redis database of its own, never the one that everybody uses', async () => {
    await using services = ownServices()
    const spaces = await Promise.all([1, 2, 3].map(() => services.service('redis')))
    expect(new Set(spaces.map(({ url }) => url)).size).toBe(3)
    expect(spaces.some(({ url }) => new URL(url).pathname === '/0')).toBe(false)
  })
})

describe('a server that is not to be had', () => {
  it('is reported with the variable when its URL does not answer', async () => {
    await using services = ownServices({ MEMCACHED_URL: 'memcached://127.0.0.1:1' })
    await expect(services.service('memcached')).rejects.toThrow(/MEMCACHED_URL is set and its server does not answer/)
  })

  it('gives its tests a reason to be skipped, with the command that helps', async () => {
    await using services = ownServices({ PATH: '/nowhere', COVET_SERVICES_INSTALL: 'never' })
    expect(services.skipReason('memcached')).toBe(
      'memcached 1.6 or newer is not on this machine; install memcached 1.6 or newer (or set MEMCACHED_URL)',
    )
    await expect(services.server('memcached')).rejects.toThrow(services.skipReason('memcached'))
  })

  it.each([
    ['apt-get', 'run: sudo apt-get install -y --no-install-recommends redis-server'],
    ['brew', 'run: brew install redis'],
    ['apk', 'run: sudo apk add redis'],
  ])('names the command of %s', (manager, command) => {
    const bin = mkdtempSync(join(tmpdir(), 'covet-bin-'))
    writeFileSync(join(bin, manager), '')
    expect(installAdvice(definitions.redis, bin)).toContain(command)
    rmSync(bin, { recursive: true })
  })

  it('is shown by the command line as an error, with the same words', async () => {
    await using services = ownServices({ PATH: '/nowhere', COVET_SERVICES_INSTALL: 'never' })
    const { code, output } = await runCli(services, 'start', 'memcached')
    expect(output).toContain('memcached 1.6 or newer is not on this machine')
    expect(code).toBe(1)
  })
})
