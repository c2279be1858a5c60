import { createDb, type Database, errors } from '@covet/db'
import { mysql } from '@covet/mysql'
import { postgres } from '@covet/postgres'
import { type FaultProxy, faultProxy } from '@covet/testing'
import { ownServer, type OwnServer } from '@covet-workspace/tooling/services'
import type { Case } from '../case.ts'
import { connect, type Engine, servers } from '../engine.ts'
import type { Figure } from '../figure.ts'
import { check, refusal, times, until } from '../timing.ts'

const full = { rounds: 2, callers: 30, connections: 10, acquireTimeout: 2_000, statementTimeout: 5_000 }
/** What the text allows from the end of the outage to a pool at rest. */
const healWithin = 5_000
const limits = { connectTimeout: 500, cancelTimeout: 300, breaker: { openFor: 1_000 } }
/** A table has to outlive its server, which the settings for other cases do not ask for. */
const durable: Readonly<Record<Engine, readonly string[]>> = {
  sqlite: [],
  postgres: ['-c', 'synchronous_commit=on', '-c', 'full_page_writes=on'],
  mariadb: ['--innodb-flush-log-at-trx-commit=2', '--innodb-doublewrite=1'],
}

type Size = typeof full

interface Scene {
  readonly engine: Engine
  readonly db: Database
  readonly server: OwnServer
  readonly proxy: FaultProxy
}

interface Outage {
  readonly what: string
  begin(scene: Scene): Promise<void>
  end(scene: Scene): Promise<void>
}

/** What is in flight waits for a lock, which is the whole of the last one. */
const outages: readonly Outage[] = [
  { what: 'kill -9', begin: ({ server }) => server.crash(), end: ({ server }) => server.startAgain() },
  {
    what: 'a network that carries nothing',
    begin: async ({ proxy }) => proxy.blackHole(),
    async end({ proxy }) {
      proxy.cut()
      proxy.heal()
    },
  },
  { what: 'a lock that all wait for', begin: async () => undefined, end: async () => undefined },
]

export async function measure(engine: Engine, size: Size = full): Promise<Figure[]> {
  await using server = await ownServer(engine === 'mariadb' ? 'mariadb' : 'postgres', () => durable[engine])
  await using proxy = await faultProxy({ port: server.port })
  const { href: url } = Object.assign(new URL(server.url), { port: String(proxy.port) })
  const { connections: max, acquireTimeout, statementTimeout } = size
  const options = { url, statementTimeout, ...limits, pool: { max, acquireTimeout } }
  await using db = createDb(engine === 'postgres' ? postgres(options) : mysql(options))
  await db.script('create table counters (id integer primary key, hits integer not null)')
  await db.sql`insert into counters values (1, 0)`
  const figures: Figure[] = []
  for (const outage of outages) {
    const measured = await times(size.rounds, () => suffer(outage, { engine, db, server, proxy }, size))
    const longest = (of: readonly number[]): number => Math.max(...of)
    figures.push(
      {
        what: `${outage.what}: the last of ${size.callers} in flight is answered, acquireTimeout ${acquireTimeout} ms, statementTimeout ${statementTimeout} ms: longest of ${size.rounds}`,
        unit: 'ms',
        value: longest(measured.map(({ answered }) => answered)),
        bound: { below: acquireTimeout + statementTimeout },
      },
      {
        what: `${outage.what}: from its end to a closed breaker and a pool at rest: longest of ${size.rounds}`,
        unit: 'ms',
        value: longest(measured.map(({ healed }) => healed)),
        bound: { below: healWithin },
      },
    )
  }
  return figures
}

/** Milliseconds from the beginning of the outage to the last answer, and from its end to a pool that is well. */
async function suffer(outage: Outage, scene: Scene, { callers, connections }: Size): Promise<{ answered: number; healed: number }> {
  const { db, engine } = scene
  const unlock = await lock(connect(engine, scene.server.url, { pool: { max: 1 }, breaker: false }))
  const answers = Array.from({ length: callers }, (_, caller) => refusal(() => ask(db, caller)))
  await until('they are in flight', async () => {
    const { total, idle, waiting } = await stateOf(db)
    return total === connections && idle === 0 && waiting === callers - connections
  })
  const began = performance.now()
  await outage.begin(scene)
  for (const { error } of await Promise.all(answers))
    check(error instanceof errors.DatabaseError && error.statusCode === 503, `Not an answer with 503, but ${String(error)}`)
  const answered = performance.now() - began
  await outage.end(scene)
  const ended = performance.now()
  await unlock()
  await until('the pool is well', () => isWell(db))
  const healed = performance.now() - ended
  const [row] = await db.sql<{ hits: number }>`select hits from counters`
  check(row?.hits === 0, `What was refused was done ${row?.hits} times.`)
  return { answered, healed }
}

/**
 * A write alone, a transaction and a read: each of them still there when its limit comes. None sleeps: MariaDB stands still
 * for seconds when it has to end many that do.
 */
async function ask(db: Database, caller: number): Promise<unknown> {
  const write = (): Promise<unknown> => db.sql.run`update counters set hits = hits + 1 where id = 1`
  if (caller % 3 === 0) return write()
  return caller % 3 === 1 ? db.transaction(write) : db.sql`select hits from counters where id = 1 for update`
}

/** Locks the row that the others write. */
async function lock(db: Database): Promise<() => Promise<void>> {
  const [locked, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const locking = db.transaction(async () => {
    await db.sql.run`update counters set hits = hits where id = 1`
    locked.resolve()
    await release.promise
  })
  await Promise.race([locked.promise, locking])
  return async () => {
    release.resolve()
    // Its server may have been killed.
    await Promise.allSettled([locking])
    await db.close({ drain: 0 })
  }
}

async function stateOf(db: Database): Promise<{ isUp: boolean; total: number; idle: number; waiting: number }> {
  const [node] = await db.health()
  const { total = 0, idle = 0, waiting = 0 } = node?.pools.writer ?? {}
  return { isUp: node?.state === 'up' && node.breaker === 'closed', total, idle, waiting }
}

async function isWell(db: Database): Promise<boolean> {
  const answers = await db.sql`select 1`.then(
    () => true,
    () => false,
  )
  if (!answers) return false
  const { isUp, total, idle, waiting } = await stateOf(db)
  return isUp && idle === total && waiting === 0
}

export const outage: Case = { id: 'REL-08', title: 'what is in flight when the database goes away', engines: servers, measure }
