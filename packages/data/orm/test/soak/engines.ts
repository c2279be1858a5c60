import { createDb, type Database } from '@covet/db'
import { mysql } from '@covet/mysql'
import { postgres } from '@covet/postgres'
import { sqlite } from '@covet/sqlite'
import { type FaultProxy, faultProxy } from '@covet/testing'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ownServer, type OwnServer } from '@covet-workspace/tooling/services'
import { createSpace } from '../../../mysql/test/support/space.ts'
import { bind } from '../../src/index.ts'
import { createTables } from '../../src/testing.ts'
import { emptyRows, seedRows, soakModels } from './models.ts'

export const engines = ['sqlite', 'postgres', 'mariadb', 'mysql'] as const
export type Engine = (typeof engines)[number]

/** The longest an operation may wait for a connection, and a statement may run. Milliseconds. */
export const acquireTimeout = 800
export const statementTimeout = 1_000
export const connectTimeout = 800
/** How long a server may take to end a statement. */
export const cancelTimeout = 300
/** Of one pool, at most. */
export const connections = 6
/** Of a process that is killed while it writes. */
export const writerWorkers = 4

/** A database that is made for the occasion, with the tables of the models. */
export interface Host extends AsyncDisposable {
  readonly engine: Engine
  /** Where another process finds it: a URL, or the file. */
  readonly address: string
  /** On a way without faults, for looking. */
  readonly watcher: Database
  /** Of a server that may be stopped. MySQL's is the one that MYSQL_URL names. */
  readonly server?: OwnServer
  readonly proxy?: FaultProxy
  /** For files. */
  readonly folder: string
}

/** A host with an application's connections to it, which the models are bound to. */
export interface Subject extends Host {
  /** Behind the faults, with short patience. */
  readonly db: Database
}

export interface Settings {
  /** @default a breaker that opens for a quarter of a second */
  readonly breaker?: false
  /** Milliseconds that a connection may take to be made, and be waited for. @default {@link connectTimeout} and {@link acquireTimeout} */
  readonly patience?: number
  /** Milliseconds that a statement may take. @default {@link statementTimeout} */
  readonly statementTimeout?: number
  /** Milliseconds that it may wait for a lock. @default 500, and 1,000 on MariaDB and MySQL, which count seconds */
  readonly lockTimeout?: number
}

/** As an application under load would set it, and faster. */
export function openDatabase(engine: Engine, address: string, { breaker, patience, ...limits }: Settings = {}): Database {
  const common = {
    pool: { max: connections, acquireTimeout: patience ?? acquireTimeout },
    breaker: breaker ?? { failures: 5, openFor: 250 },
    health: { timeout: 500 },
  }
  if (engine === 'sqlite') return createDb(sqlite({ file: address, busyTimeout: 500, ...common }))
  const server = { url: address, statementTimeout, connectTimeout: patience ?? connectTimeout, cancelTimeout, ...common }
  if (engine === 'postgres') return createDb(postgres({ ...server, lockTimeout: 500, applicationName: 'soak', ...limits }))
  return createDb(mysql({ ...server, lockTimeout: 1_000, ...limits }))
}

export async function openHost(engine: Engine): Promise<Host> {
  const stack = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'covet-soak-'))
  stack.defer(() => rmSync(folder, { recursive: true }))
  try {
    const file = join(folder, 'soak.db')
    const place = engine === 'sqlite' ? { address: file, direct: file } : await openServer(engine, stack)
    const watcher = stack.use(watching(engine, place.direct))
    await createTables(watcher, soakModels)
    await watcher.run(() => seedRows())
    return { engine, watcher, folder, ...place, [Symbol.asyncDispose]: () => stack.disposeAsync() }
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}

/** Opens connections to a host, whose faults and rows of before are taken away. */
export async function openOn(host: Host, settings?: Settings): Promise<Subject> {
  host.proxy?.heal()
  await host.watcher.run(() => emptyRows())
  const db = openDatabase(host.engine, host.address, settings)
  const unbind = bind(soakModels, db)
  return {
    ...host,
    db,
    async [Symbol.asyncDispose]() {
      unbind()
      host.proxy?.cut()
      host.proxy?.heal()
      await db.close({ drain: 0 })
    },
  }
}

export async function openSubject(engine: Engine): Promise<Subject> {
  const host = await openHost(engine)
  const subject = await openOn(host)
  return {
    ...subject,
    async [Symbol.asyncDispose]() {
      await subject[Symbol.asyncDispose]()
      await host[Symbol.asyncDispose]()
    },
  }
}

interface Place {
  readonly address: string
  readonly direct: string
  readonly server?: OwnServer
  readonly proxy: FaultProxy
}

// A commit that was acknowledged has to outlive the process of its server, which the settings for other tests do not ask for.
const durable = {
  postgres: ['-c', 'synchronous_commit=on', '-c', 'full_page_writes=on'],
  mariadb: ['--innodb-flush-log-at-trx-commit=2', '--innodb-doublewrite=1'],
}

async function openServer(engine: Exclude<Engine, 'sqlite'>, stack: AsyncDisposableStack): Promise<Place> {
  if (engine === 'mysql') return openMysql(stack)
  const server = stack.use(await ownServer(engine, () => durable[engine]))
  const database = 'soak'
  await using admin = watching(engine, server.url)
  await admin.execute({ text: `create database ${database}`, params: [] })
  const proxy = stack.use(await faultProxy({ port: server.port }))
  const at = (port: number): string => Object.assign(new URL(server.url), { port: String(port), pathname: `/${database}` }).href
  return { address: at(proxy.port), direct: at(server.port), server, proxy }
}

async function openMysql(stack: AsyncDisposableStack): Promise<Place> {
  const { url, drop } = await createSpace(process.env['MYSQL_URL'] ?? '')
  stack.defer(drop)
  const { hostname, port } = new URL(url)
  const proxy = stack.use(await faultProxy({ host: hostname, port: Number(port || '3306') }))
  return { address: Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(proxy.port) }).href, direct: url, proxy }
}

function watching(engine: Engine, address: string): Database {
  if (engine === 'sqlite') return createDb(sqlite({ file: address, busyTimeout: 10_000 }))
  const options = { url: address, pool: { max: 1 }, breaker: false as const }
  return createDb(engine === 'postgres' ? postgres({ ...options, applicationName: 'watcher' }) : mysql(options))
}
