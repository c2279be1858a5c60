import { type ConnectionDefinition, type ConnectionOptions, createDb, type Database } from '@covet/db'
import { mysql } from '@covet/mysql'
import { postgres } from '@covet/postgres'
import { describeWhere } from '@covet-workspace/tooling/services/jest'
import { afterAll, beforeAll } from '@jest/globals'
import { replicatedServers as mariadbServers } from '../../../mysql/test/support/replica.ts'
import { replicatedServers as postgresServers } from '../../../postgres/test/support/replica.ts'
import { bind } from '../../src/binding.ts'
import type { ModelClass } from '../../src/meta/model-meta.ts'
import { createTables } from '../../src/testing.ts'

/** A primary and its replica, which the reads of the models go to. */
export interface Replicated {
  readonly db: Database
  /** Resolves when the replica has done what the primary has, and goes on receiving without doing any more. */
  pause(): Promise<void>
  /** Resolves when it has done that too. */
  resume(): Promise<void>
}

interface Server {
  readonly url: string
}

interface Engine {
  readonly servers: () => Promise<AsyncDisposable & { readonly primary: Server; readonly replica: Server }>
  readonly connection: (options: ConnectionOptions & Server & { readonly replicas?: readonly Server[] }) => ConnectionDefinition
  readonly pause: string
  /** Has a row once it is paused, which may be some time after it was told to. */
  readonly isPaused: string
  readonly resume: string
}

const engines: Readonly<Record<'postgres' | 'mariadb', Engine>> = {
  postgres: {
    servers: postgresServers,
    connection: postgres,
    pause: 'select pg_wal_replay_pause()',
    isPaused: `select 1 where pg_get_wal_replay_pause_state() = 'paused'`,
    resume: 'select pg_wal_replay_resume()',
  },
  mariadb: {
    servers: mariadbServers,
    connection: mysql,
    pause: 'stop slave sql_thread',
    isPaused: 'select 1',
    resume: 'start slave sql_thread',
  },
}

/** The same tests on PostgreSQL and MariaDB, each with a replica, which `replicated` gives from the first test on. */
export function onReplicatedServers(title: string, models: readonly ModelClass[], body: (replicated: () => Replicated) => void): void {
  describeWhere('postgres', `${title} on PostgreSQL`, () => whileTesting(engines.postgres, models, body))
  describeWhere('mariadb', `${title} on MariaDB`, () => whileTesting(engines.mariadb, models, body))
}

function whileTesting(engine: Engine, models: readonly ModelClass[], body: (replicated: () => Replicated) => void): void {
  const stack = new AsyncDisposableStack()
  let replicated: Replicated
  beforeAll(async () => {
    replicated = await open(engine, models, stack)
  }, 120_000)
  afterAll(() => stack.disposeAsync())
  body(() => replicated)
}

async function open(
  { servers, connection, ...statements }: Engine,
  models: readonly ModelClass[],
  stack: AsyncDisposableStack,
): Promise<Replicated> {
  const { primary, replica } = stack.use(await servers())
  const [onPrimary, onReplica] = [
    stack.use(createDb(connection({ url: primary.url }))),
    stack.use(createDb(connection({ url: replica.url }))),
  ]
  const caughtUp = async (): Promise<void> => {
    const position = await onPrimary.withConnection(async ({ replication }) => replication?.position())
    const hasAll = await onReplica.withConnection(async ({ replication }) => replication?.reached(position ?? '', 30_000))
    if (hasAll !== true) throw new Error('The replica does not follow.')
  }
  await onPrimary.execute({ text: 'create database models', params: [] })
  await caughtUp()
  const at = ({ url }: Server): string => Object.assign(new URL(url), { pathname: '/models' }).href
  const db = stack.use(
    createDb(
      connection({
        url: at(primary),
        replicas: [{ url: at(replica) }],
        reads: 'replica',
        readYourWrites: { maxWait: '20ms' },
        // One that stands still is behind without end on MariaDB: asked again how it is, it would be read from no more.
        health: { every: '1h', timeout: '10s', maxLag: '1h' },
      }),
    ),
  )
  await createTables(db, models)
  await caughtUp()
  stack.defer(bind(models, db))
  return {
    db,
    async pause() {
      await caughtUp()
      await onReplica.script(statements.pause)
      while ((await onReplica.execute({ text: statements.isPaused, params: [] })).rows.length === 0) continue
    },
    async resume() {
      await onReplica.script(statements.resume)
      await caughtUp()
    },
  }
}
