import { errors } from '@covet/db'
import { seededRandom, startProcess } from '@covet/testing'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { describeWhere } from '@covet-workspace/tooling/services/jest'
import { acquireTimeout, connections, connectTimeout, type Engine, openSubject, statementTimeout, type Subject } from './soak/engines.ts'
import { killSession, sessionsOf } from './soak/sessions.ts'
import { Account, Entry, Note, Tally } from './soak/models.ts'

const longRun = Number(process.env['SOAK_MINUTES'] ?? '0') > 0
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

/** Everything an application asks for at the same time. */
function busyWork(subject: Subject, ops: number): (() => Promise<unknown>)[] {
  return Array.from({ length: ops }, (_, op) => {
    if (op % 3 === 0) return () => Note.create({ op, part: 0 })
    if (op % 3 === 1) return () => Account.query().with('entries')
    return () =>
      subject.db.transaction(async () => {
        await Account.where({ id: 1 }).update((c) => ({ balance: c.balance.add(1) }))
        await Entry.create({ op, accountId: 1, amount: 1 })
      })
  })
}

/** What a client hears of a database that is not there: an answer that says to come back. */
function expectUnavailable({ error, afterMs }: Failed, engine: Engine): void {
  expect(error).toBeInstanceOf(errors.DatabaseError)
  const { code, statusCode } = error as errors.DatabaseError
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

/** What was acknowledged, and nothing half. */
async function expectWhole(subject: Subject, acknowledged: number): Promise<void> {
  const [row] = await subject.watcher.sql<{ balance: number; total: number; entries: number }>`
    select balance, (select coalesce(sum(amount), 0) from entries) as total, (select count(*) from entries) as entries from accounts where id = 1`
  expect(Number(row?.balance)).toBe(Number(row?.total))
  expect(Number(row?.entries)).toBeGreaterThanOrEqual(acknowledged)
  const twice = await subject.watcher.sql`select op from notes group by op having count(*) > 1`
  expect(twice).toEqual([])
}

function onServers(title: string, body: (engine: 'postgres' | 'mariadb') => void): void {
  describeWhere('postgres', `${title} on PostgreSQL`, () => body('postgres'))
  describeWhere('mariadb', `${title} on MariaDB`, () => body('mariadb'))
}

onServers('models', (engine) => {
  it.each(['crash', 'stop'] as const)('REL-08 after a %s of the server: what ran fails in time, nothing is lost, and the pool heals', async (way) => {
    await using subject = await openSubject(engine)
    const { server } = subject
    let acknowledged = 0
    const outcomes: (Failed | undefined)[] = []
    const workers = busyWork(subject, 12).map(async (work, index) => {
      for (let round = 0; outcomes.length < 60; round += 1) {
        const outcome = await failure(work)
        if (outcome) {
          outcomes.push(outcome)
          await pause(10)
        } else if (index % 3 === 2) acknowledged += 1
        if (index % 3 === 0 && !outcome) await Note.where({ op: index }).delete().catch(() => undefined)
      }
    })
    await eventually(async () => expect(acknowledged).toBeGreaterThan(5))
    await server?.[way]()
    await Promise.all(workers)
    for (const outcome of outcomes) expectUnavailable(outcome as Failed, engine)
    expect(outcomes.some((outcome) => outcome?.error instanceof errors.CircuitOpen)).toBe(true)
    await server?.startAgain()
    await expectHealed(subject)
    await expectWhole(subject, acknowledged)
  })

  it('REL-08 in a network without a word: what runs fails within its limits, what comes then fails at once, and both work when it is back', async () => {
    await using subject = await openSubject(engine)
    const { proxy } = subject
    await Promise.all(busyWork(subject, 6).map((work) => work()))
    proxy?.blackHole()
    const failed = await Promise.all(busyWork(subject, 24).map((work) => failure(work)))
    for (const outcome of failed) expectUnavailable(outcome as Failed, engine)
    const atOnce = await failure(() => Account.find(1))
    expect((atOnce as Failed).error).toBeInstanceOf(errors.DatabaseError)
    expectUnavailable(atOnce as Failed, engine)
    proxy?.cut()
    proxy?.heal()
    await expectHealed(subject)
    // None of those that never arrived is done later.
    const [row] = await subject.watcher.sql<{ n: number }>`select count(*) as n from notes`
    expect(Number(row?.n)).toBe(2)
    await expectWhole(subject, 2)
  })

  it('REL-08 with every connection behind a lock: the others are turned away in time, and the pool is whole when it is released', async () => {
    await using subject = await openSubject(engine)
    const { db } = subject
    const release = Promise.withResolvers<void>()
    const holders = Array.from({ length: connections }, () =>
      db.transaction(async () => {
        await Account.findOrFail(1)
        await release.promise
      }),
    )
    await eventually(async () => expect((await db.health())[0]?.state).toBe('saturated'))
    const failed = await Promise.all(busyWork(subject, 12).map((work) => failure(work)))
    for (const outcome of failed) {
      expect(outcome?.error).toBeInstanceOf(errors.PoolTimeout)
      expect((outcome?.error as errors.PoolTimeout).holders).toHaveLength(5)
      expectUnavailable(outcome as Failed, engine)
      expect(outcome?.afterMs).toBeGreaterThanOrEqual(acquireTimeout - 50)
    }
    release.resolve()
    await Promise.all(holders)
    await expectHealed(subject)
    expect(await Note.query().count()).toBe(0)
  })

  it('REL-08 a read whose answer is lost is read again; a write is not written again', async () => {
    await using subject = await openSubject(engine, { breaker: false })
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
    await using subject = await openSubject(engine)
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

  it('REL-08, DB-8 connections that were ended while idle are replaced without anybody noticing', async () => {
    await using subject = await openSubject(engine)
    for (let round = 0; round < 5; round += 1) {
      await Promise.all(Array.from({ length: connections }, () => Account.query().with('entries')))
      for (const { id } of await sessionsOf(subject)) await killSession(subject, id)
      const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? Account.findOrFail(1) : Account.query().count())))
      expect(answers).toHaveLength(20)
      await subject.db.transaction(() => Note.create({ op: round, part: 0 }))
    }
    expect(await Note.query().count()).toBe(5)
  })

  it('REL-09 cut between COMMIT and its answer: CommitUnknown, and run again under its key it happens once', async () => {
    await using subject = await openSubject(engine, { breaker: false })
    const { db, proxy, watcher } = subject
    const random = seededRandom(9)
    const deadline = performance.now() + 8_000
    let trials = 0
    let happened = 0
    const pay = (op: number, fault?: () => void): Promise<void> =>
      db.transaction(async () => {
        // The key decides: who comes second waits for the first, and then cannot.
        await Tally.create({ label: `payment ${op}`, op })
        await Account.where({ id: 1 }).update((c) => ({ balance: c.balance.add(5) }))
        await Entry.create({ op, accountId: 1, amount: 5 })
        fault?.()
      })
    while (longRun ? trials < 1_000 : performance.now() < deadline) {
      trials += 1
      // The COMMIT arrives and its answer does not, or it does not arrive itself.
      const held = random.pick(['response', 'response', 'both'] as const)
      const error = (
        await failure(() =>
          pay(trials, () => {
            proxy?.blackHole(held)
            setTimeout(() => {
              proxy?.cut()
              proxy?.heal()
            }, random.integer(6))
          }),
        )
      )?.error
      expect(error).toBeInstanceOf(errors.CommitUnknown)
      expect(error).toMatchObject({ retryable: false, cause: expect.any(errors.ConnectionLost) })
      const again = (await failure(() => pay(trials)))?.error
      if (again !== undefined) {
        expect(again).toBeInstanceOf(errors.UniqueViolation)
        happened += 1
      }
    }
    const [account] = await watcher.sql<{ balance: number }>`select balance from accounts where id = 1`
    expect(Number(account?.balance)).toBe(trials * 5)
    expect(await Entry.query().count()).toBe(trials)
    expect(trials).toBeGreaterThan(10)
    // Some had happened, and some had not.
    expect(happened).toBeGreaterThan(0)
    expect(happened).toBeLessThan(trials)
  }, 600_000)
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
