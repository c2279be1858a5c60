import { type Connection, type Database, DatabaseError, errors } from '@covet/db'
import { eventually, startProcess } from '@covet/testing'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { describeWhere, describeWithUrl } from '@covet-workspace/tooling/services/jest'
import {
  acquireTimeout,
  cancelTimeout,
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

/** All that one attempt may wait for. What is read is tried twice. */
const limits = acquireTimeout + connectTimeout + statementTimeout + cancelTimeout
const patience = 2 * limits
/** What the text allows, in milliseconds, from the end of what was wrong. */
const healWithin = 5_000

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
function expectUnavailable({ error, afterMs }: Failed): void {
  expect(error).toBeInstanceOf(DatabaseError)
  const { code, statusCode } = error as DatabaseError
  if (code !== 'db/commit-unknown') expect([code, statusCode]).toEqual([code, 503])
  expect(afterMs).toBeLessThan(patience)
}

/** Somebody else has an account locked until what is returned is called. */
async function lockAccount({ watcher }: Subject): Promise<() => Promise<void>> {
  const [locked, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const locking = watcher.transaction(async () => {
    await watcher.sql`update accounts set balance = balance where id = 1`
    locked.resolve()
    await release.promise
  })
  await Promise.race([locked.promise, locking])
  return async () => {
    release.resolve()
    await locking
  }
}

/** There was no connection for any of them, and they did not wait for longer than they may. */
function expectTurnedAway(failed: readonly Failed[]): void {
  expect(failed).toHaveLength(4 * asks.length)
  for (const outcome of failed) {
    expect(outcome.error).toBeInstanceOf(errors.PoolTimeout)
    expect((outcome.error as InstanceType<typeof errors.PoolTimeout>).holders).toHaveLength(5)
    expectUnavailable(outcome)
    expect(outcome.afterMs).toBeGreaterThanOrEqual(acquireTimeout - 50)
  }
}

async function expectHealed(subject: Subject): Promise<void> {
  const began = performance.now()
  await eventually(() => Account.findOrFail(1))
  const pool = await eventually(async () => {
    const [node] = await subject.db.health()
    expect(node).toMatchObject({ state: 'up', breaker: 'closed' })
    const { total = 0, idle, waiting } = node?.pools.writer ?? {}
    expect({ idle, waiting }).toEqual({ idle: total, waiting: 0 })
    return { total }
  })
  expect(performance.now() - began).toBeLessThan(healWithin)
  await eventually(async () => {
    const sessions = await sessionsOf(subject)
    expect(sessions.filter(({ inTransaction }) => inTransaction)).toEqual([])
    // One more asks how the node is.
    expect(sessions.length).toBeLessThanOrEqual(pool.total + 1)
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

function onServers(title: string, body: (engine: Exclude<Engine, 'sqlite'>) => void): void {
  describeWhere('postgres', `${title} on PostgreSQL`, () => body('postgres'))
  describeWhere('mariadb', `${title} on MariaDB`, () => body('mariadb'))
  describeWithUrl('MYSQL_URL', `${title} on MySQL 8`, () => body('mysql'))
}

onServers('models', (engine) => {
  let host: Host
  beforeAll(async () => {
    host = await openHost(engine)
  })
  afterAll(async () => {
    await host[Symbol.asyncDispose]()
  })

  // The server that a URL names is not ours to stop.
  for (const way of engine === 'mysql' ? [] : (['crash', 'stop'] as const))
    it(`REL-08 after a ${way} of the server: what ran fails in time, nothing is lost, and the pool heals`, async () => {
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
      for (const outcome of failed) expectUnavailable(outcome)
      expect(failed.some(({ error }) => error instanceof errors.CircuitOpen)).toBe(true)
      await server?.startAgain()
      await expectHealed(subject)
      await expectWhole(subject, { notes: acknowledged[0] ?? 0, entries: acknowledged[2] ?? 0 })
    })

  it('REL-08 in a network without a word: what runs fails within its limits, and what never arrived is not done later', async () => {
    await using subject = await openOn(host)
    const { proxy } = subject
    expect(await askAtOnce(subject, 2)).toEqual([])
    proxy?.blackHole()
    const failed = await askAtOnce(subject, 8)
    expect(failed).toHaveLength(24)
    for (const outcome of failed) expectUnavailable(outcome)
    expect(await failure(() => Account.find(1))).toMatchObject({ error: { statusCode: 503 } })
    proxy?.cut()
    proxy?.heal()
    await expectHealed(subject)
    expect([await Note.query().count(), await Entry.query().count()]).toEqual([2, 2])
    await expectWhole(subject, { notes: 2, entries: 2 })
  })

  it('REL-08 with every connection in a transaction that does not end: the others are turned away in time, and the pool is whole when they do', async () => {
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
    expectTurnedAway(await askAtOnce(subject, 4))
    release.resolve()
    await Promise.all(holders)
    await expectHealed(subject)
    expect(await Note.query().count()).toBe(0)
  })

  it.each([
    ['lockTimeout', { lockTimeout: 2_000, statementTimeout: 6_000 }, errors.LockTimeout],
    ['statementTimeout', { lockTimeout: 6_000, statementTimeout: 2_000 }, errors.StatementTimeout],
  ] as const)(
    'REL-08 with every connection behind a lock: its statements end at the %s, the others are turned away in time, and the pool heals',
    async (limit, settings, kind) => {
      await using subject = await openOn(host, settings)
      const { db } = subject
      const unlock = await lockAccount(subject)
      const update = (): Promise<number> => Account.where({ id: 1 }).update((c) => ({ balance: c.balance.add(1) }))
      const holders = Array.from({ length: connections }, (_, n) => failure(() => (n % 2 === 0 ? update() : db.transaction(update))))
      // In the same turn, behind them: turned away long before the first of them gives its connection back.
      const failed = await askAtOnce(subject, 4)
      const ended = await Promise.all(holders)
      await unlock()
      expectTurnedAway(failed)
      for (const outcome of ended) {
        expect(outcome?.error).toBeInstanceOf(kind)
        expect(outcome?.error).toMatchObject({ statusCode: 503 })
        expect(outcome?.afterMs).toBeGreaterThanOrEqual(settings[limit] - 50)
        expect(outcome?.afterMs).toBeLessThan(settings[limit] + patience)
      }
      await expectHealed(subject)
      expect((await Account.findOrFail(1)).balance).toBe(0)
      expect(await update()).toBe(1)
      expect(await Note.query().count()).toBe(0)
    },
  )

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
    await using holder = await startProcess(new URL('../../sqlite/test/support/lock-holder.ts', import.meta.url), {
      args: [subject.address, '3000'],
      ready: /^locked/,
      timeout: '1m',
    })
    const writes = await Promise.all(Array.from({ length: 4 }, (_, op) => failure(() => Note.create({ op, part: 0 }))))
    for (const outcome of writes) {
      expect([errors.LockTimeout, errors.PoolTimeout].some((kind) => outcome?.error instanceof kind)).toBe(true)
      expectUnavailable(outcome as Failed)
    }
    expect(await Account.query().count()).toBeGreaterThan(0)
    await holder.exit
    await Note.create({ op: 9, part: 0 })
    expect((await Note.query()).map(({ op }) => op)).toEqual([9])
    const [node] = await subject.db.health()
    for (const pool of Object.values(node?.pools ?? {})) expect([pool.idle, pool.waiting]).toEqual([pool.total, 0])
  })
})
