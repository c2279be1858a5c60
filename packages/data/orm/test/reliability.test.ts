import { type Connection, type Database, DatabaseError, errors } from '@covet/db'
import { startProcess } from '@covet/testing'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { describeWhere } from '@covet-workspace/tooling/services/jest'
import {
  acquireTimeout,
  connections,
  connectTimeout,
  type Engine,
  type Host,
  openHost,
  openOn,
  openSubject,
  statementTimeout,
  type Subject,
} from './soak/engines.ts'
import { killSession, sessionsOf } from './soak/sessions.ts'
import { Account, Entry, Note } from './soak/models.ts'
import { OnPurpose } from './soak/outcome.ts'

/** Longest that the drivers wait for a server to end a statement before they give the connection up. */
const patience: Readonly<Record<Engine, number>> = { sqlite: 0, postgres: 300, mariadb: 10_000 }
/** Two cores run more than this. */
const slack = 2_000

async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + 30_000
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (performance.now() > deadline) throw error
      await pause(10)
    }
  }
}

interface Failed {
  readonly error: unknown
  readonly afterMs: number
}

async function failure(work: () => Promise<unknown>): Promise<Failed | undefined> {
  const began = performance.now()
  try {
    await work()
    return undefined
  } catch (error) {
    return { error, afterMs: performance.now() - began }
  }
}

let op = 0

/** What an application asks for: a write alone, a read, a transaction. Each time another operation. */
const asks: readonly ((db: Database) => Promise<unknown>)[] = [
  () => Note.create({ op: (op += 1), part: 0 }),
  async () => Account.query().with('entries'),
  (db) =>
    db.transaction(async () => {
      await Account.where({ id: 1 }).update((c) => ({ balance: c.balance.add(1) }))
      await Entry.create({ op: (op += 1), accountId: 1, amount: 1 })
    }),
]

/** All of them at the same time, several times. @returns what failed */
async function askAtOnce({ db }: Subject, times: number): Promise<readonly Failed[]> {
  const outcomes = await Promise.all(Array.from({ length: times }, () => asks.map((ask) => failure(() => ask(db)))).flat())
  return outcomes.filter((outcome) => outcome !== undefined)
}

/** What a client hears of a database that is not there: an answer that says to come back. */
function expectUnavailable({ error, afterMs }: Failed, engine: Engine): void {
  expect(error).toBeInstanceOf(DatabaseError)
  const { code, statusCode } = error as DatabaseError
  if (code !== 'db/commit-unknown') expect([code, statusCode]).toEqual([code, 503])
  expect(afterMs).toBeLessThan(acquireTimeout + connectTimeout + statementTimeout + patience[engine] + slack)
}

async function expectHealed(subject: Subject): Promise<void> {
  const began = performance.now()
  await eventually(() => Account.findOrFail(1))
  expect(performance.now() - began).toBeLessThan(5_000)
  await eventually(async () => {
    const [node] = await subject.db.health()
    expect(node).toMatchObject({ state: 'up', breaker: 'closed' })
    const { total = 0, idle, waiting } = node?.pools.writer ?? {}
    expect({ idle, waiting }).toEqual({ idle: total, waiting: 0 })
    const sessions = await sessionsOf(subject)
    expect(sessions.filter(({ inTransaction }) => inTransaction)).toEqual([])
    // One more asks how the node is.
    expect(sessions.length).toBeLessThanOrEqual(total + 1)
  })
}

/** What was acknowledged is there, nothing is there by half, and nothing twice. */
async function expectWhole({ watcher }: Subject, acknowledged: { readonly notes: number; readonly entries: number }): Promise<void> {
  const [row] = await watcher.sql<Record<'balance' | 'total' | 'entries' | 'notes' | 'different', number>>`
    select balance, (select coalesce(sum(amount), 0) from entries) as total, (select count(*) from entries) as entries,
      (select count(*) from notes) as notes, (select count(distinct op) from notes) as different
    from accounts where id = 1`
  expect(Number(row?.balance)).toBe(Number(row?.total))
  expect(Number(row?.entries)).toBeGreaterThanOrEqual(acknowledged.entries)
  expect(Number(row?.notes)).toBeGreaterThanOrEqual(acknowledged.notes)
  expect(Number(row?.notes)).toBe(Number(row?.different))
}

function onServers(title: string, body: (engine: 'postgres' | 'mariadb') => void): void {
  describeWhere('postgres', `${title} on PostgreSQL`, () => body('postgres'))
  describeWhere('mariadb', `${title} on MariaDB`, () => body('mariadb'))
}

onServers('models', (engine) => {
  let host: Host
  beforeAll(async () => {
    host = await openHost(engine)
  })
  afterAll(async () => {
    await host[Symbol.asyncDispose]()
  })

  it.each(['crash', 'stop'] as const)(
    'REL-08 after a %s of the server: what ran fails in time, nothing is lost, and the pool heals',
    async (way) => {
      await using subject = await openOn(host)
      const { server, db } = subject
      const failed: Failed[] = []
      const acknowledged = asks.map(() => 0)
      const worker = async (kind: number): Promise<void> => {
        while (failed.length < 60) {
          const outcome = await failure(() => (asks[kind] as (typeof asks)[number])(db))
          if (outcome) failed.push(outcome)
          else acknowledged[kind] = (acknowledged[kind] ?? 0) + 1
          if (outcome) await pause(10)
        }
      }
      const workers = Array.from({ length: 12 }, (_, index) => worker(index % asks.length))
      await eventually(async () => expect(Math.min(...acknowledged)).toBeGreaterThan(5))
      await server?.[way]()
      await Promise.all(workers)
      for (const outcome of failed) expectUnavailable(outcome, engine)
      expect(failed.some(({ error }) => error instanceof errors.CircuitOpen)).toBe(true)
      await server?.startAgain()
      await expectHealed(subject)
      await expectWhole(subject, { notes: acknowledged[0] ?? 0, entries: acknowledged[2] ?? 0 })
    },
  )

  it('REL-08 in a network without a word: what runs fails within its limits, and what never arrived is not done later', async () => {
    await using subject = await openOn(host)
    const { proxy } = subject
    expect(await askAtOnce(subject, 2)).toEqual([])
    proxy?.blackHole()
    const failed = await askAtOnce(subject, 8)
    expect(failed).toHaveLength(24)
    for (const outcome of failed) expectUnavailable(outcome, engine)
    expect(await failure(() => Account.find(1))).toMatchObject({ error: { statusCode: 503 } })
    proxy?.cut()
    proxy?.heal()
    await expectHealed(subject)
    expect([await Note.query().count(), await Entry.query().count()]).toEqual([2, 2])
    await expectWhole(subject, { notes: 2, entries: 2 })
  })

  it('REL-08 with every connection behind a lock: the others are turned away in time, and the pool is whole when it is released', async () => {
    await using subject = await openOn(host)
    const { db } = subject
    const release = Promise.withResolvers<void>()
    const holders = Array.from({ length: connections }, () =>
      db.transaction(async () => {
        await Account.findOrFail(1)
        await release.promise
      }),
    )
    await eventually(async () => expect((await db.health())[0]?.state).toBe('saturated'))
    const failed = await askAtOnce(subject, 4)
    expect(failed).toHaveLength(12)
    for (const outcome of failed) {
      expect(outcome.error).toBeInstanceOf(errors.PoolTimeout)
      expect((outcome.error as InstanceType<typeof errors.PoolTimeout>).holders).toHaveLength(5)
      expectUnavailable(outcome, engine)
      expect(outcome.afterMs).toBeGreaterThanOrEqual(acquireTimeout - 50)
    }
    release.resolve()
    await Promise.all(holders)
    await expectHealed(subject)
    expect(await Note.query().count()).toBe(0)
  })

  it('REL-08 a read whose answer is lost is read again; a write is not written again', async () => {
    await using subject = await openOn(host, { breaker: false })
    const { proxy, watcher } = subject
    await Note.create({ op: 1, part: 0 })
    for (let round = 1; round <= 10; round += 1) {
      await Account.find(1)
      proxy?.blackHole('response')
      const reading = Note.where({ op: 1 }).get()
      await pause(20)
      proxy?.cut()
      proxy?.heal()
      expect((await reading).op).toBe(1)

      proxy?.blackHole('response')
      const writing = failure(() => Note.where({ op: 1 }).update((c) => ({ touches: c.touches.add(1) })))
      await eventually(async () => expect(await watcher.sql`select id from notes where touches = ${round}`).toHaveLength(1))
      proxy?.cut()
      proxy?.heal()
      const lost = await writing
      expect(lost?.error).toBeInstanceOf(errors.ConnectionLost)
      expect(lost?.error).toMatchObject({ sent: true, retryable: false })
    }
    expect((await Note.where({ op: 1 }).get()).touches).toBe(10)
  })

  it('REL-08 a write that nobody answers is lost, and not said to be undone', async () => {
    await using subject = await openOn(host)
    const { proxy, watcher } = subject
    await Note.create({ op: 1, part: 0 })
    proxy?.blackHole('response')
    const ended = await failure(() => Note.create({ op: 2, part: 0 }))
    expect(ended?.error).toBeInstanceOf(errors.ConnectionLost)
    expect(await watcher.sql`select id from notes where op = 2`).toHaveLength(1)
    proxy?.cut()
    proxy?.heal()
    await expectHealed(subject)
    proxy?.blackHole('response')
    const signal = AbortSignal.timeout(50)
    const aborted = await failure(() => Note.where({ op: 2 }).signal(signal).update({ touches: 1 }))
    expect(aborted?.error).toBeInstanceOf(errors.ConnectionLost)
    expect(await watcher.sql`select id from notes where op = 2 and touches = 1`).toHaveLength(1)
  })

  it('REL-08 a transaction whose connection is lost while it does something else is lost, and in no doubt', async () => {
    await using subject = await openOn(host)
    const { db, proxy } = subject
    const lose = async (): Promise<void> => {
      let connection: Connection | undefined
      await db.withConnection((lent) => {
        connection = lent
      })
      proxy?.cut()
      await eventually(async () => expect(connection?.isOpen).toBe(false))
    }
    const before = await failure(() =>
      db.transaction(async () => {
        await Note.create({ op: 1, part: 0 })
        await lose()
      }),
    )
    expect(before?.error).toBeInstanceOf(errors.ConnectionLost)
    expect(before?.error).toMatchObject({ statusCode: 503, sent: false })
    const inside = await failure(() =>
      db.transaction(async () => {
        await Note.create({ op: 2, part: 0 })
        await db
          .transaction(async () => {
            await lose()
            throw new OnPurpose()
          })
          .catch(() => undefined)
      }),
    )
    expect([errors.ConnectionLost, errors.TransactionAborted].some((kind) => inside?.error instanceof kind)).toBe(true)
    expect(inside?.error).toMatchObject({ statusCode: 503 })
    expect(await Note.query().count()).toBe(0)
  })

  it('REL-08, DB-8 connections that were ended while idle are replaced without anybody noticing', async () => {
    await using subject = await openOn(host)
    for (let round = 0; round < 5; round += 1) {
      await Promise.all(Array.from({ length: connections }, async () => Account.query().with('entries')))
      for (const { id } of await sessionsOf(subject)) await killSession(subject, id)
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? Account.findOrFail(1) : Account.query().count())),
      )
      expect(answers).toHaveLength(20)
      await subject.db.transaction(() => Note.create({ op: round, part: 0 }))
    }
    expect(await Note.query().count()).toBe(5)
  })
})

describe('models on SQLite', () => {
  it('REL-08 while another process has the lock: writes are turned away in time, reads go on, and all is well when it is released', async () => {
    await using subject = await openSubject('sqlite')
    await using holder = await startProcess(new URL('soak/lock-holder.ts', import.meta.url), {
      args: [subject.address, '3000'],
      ready: /^locked/,
      timeout: '1m',
    })
    const writes = await Promise.all(Array.from({ length: 4 }, (_, op) => failure(() => Note.create({ op, part: 0 }))))
    for (const outcome of writes) {
      expect([errors.LockTimeout, errors.PoolTimeout].some((kind) => outcome?.error instanceof kind)).toBe(true)
      expectUnavailable(outcome as Failed, 'sqlite')
    }
    expect(await Account.query().count()).toBeGreaterThan(0)
    await holder.exit
    await Note.create({ op: 9, part: 0 })
    expect((await Note.query()).map(({ op }) => op)).toEqual([9])
    const [node] = await subject.db.health()
    for (const pool of Object.values(node?.pools ?? {})) expect([pool.idle, pool.waiting]).toEqual([pool.total, 0])
  })
})
