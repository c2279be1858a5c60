import { errors } from '@covet/db'
import { failure, seededRandom } from '@covet/testing'
import { describeWhere, describeWithUrl } from '@covet-workspace/tooling/services/jest'
import { expect, it } from '@jest/globals'
import { setTimeout as pause } from 'node:timers/promises'
import { connections, type Engine, openHost, openOn, type Subject } from './soak/engines.ts'
import { Account, Entry, Tally } from './soak/models.ts'
import { cuts } from './soak/size.ts'

const amount = 5
/** What is cut here is cut by the test: on a busy machine nothing else is to end before its time. */
const patient = { breaker: false, patience: 10_000, statementTimeout: 20_000, lockTimeout: 10_000 } as const

/** A payment under its key; `beforeCommit` is its last act. */
async function pay({ db }: Subject, op: number, beforeCommit?: () => Promise<void>): Promise<void> {
  // Those that run at the same time are of different accounts: they must get as far as their COMMIT together.
  const accountId = 1 + (op % connections)
  await db.transaction(
    async () => {
      // The key decides: who comes second waits for the first, and then cannot.
      await Tally.create({ label: `payment ${op}`, op })
      await Account.where({ id: accountId }).update((c) => ({ balance: c.balance.add(amount) }))
      await Entry.create({ op, accountId, amount })
      await beforeCommit?.()
    },
    // Neighbouring keys of MariaDB may meet in a deadlock. What is in doubt is never retried.
    { retry: 5 },
  )
}

/** As many payments as there are connections, all of them cut off while their COMMIT is on its way. */
async function payAndCut(
  subject: Subject,
  ops: readonly number[],
  held: 'response' | 'both',
  afterMs: number,
): Promise<readonly unknown[]> {
  const commit = Promise.withResolvers<void>()
  const arrivals: Promise<void>[] = []
  const outcomes = ops.map((op) => {
    const arrived = Promise.withResolvers<void>()
    arrivals.push(arrived.promise)
    const outcome = failure(
      pay(subject, op, () => {
        arrived.resolve()
        return commit.promise
      }),
    )
    void outcome.then(() => arrived.resolve())
    return outcome
  })
  await Promise.all(arrivals)
  subject.proxy?.blackHole(held)
  commit.resolve()
  await pause(afterMs)
  subject.proxy?.cut()
  subject.proxy?.heal()
  return Promise.all(outcomes)
}

function itPaysOnce(engine: Engine): void {
  it(`REL-09 cut ${cuts} times between COMMIT and its answer: CommitUnknown, and run again under its key it happens once`, async () => {
    await using host = await openHost(engine)
    await using subject = await openOn(host, patient)
    const random = seededRandom(9)
    let tried = 0
    let happened = 0
    while (tried < cuts) {
      const ops = Array.from({ length: Math.min(connections, cuts - tried) }, (_, lane) => tried + lane + 1)
      tried += ops.length
      // The COMMIT arrives and its answer does not, or it does not arrive itself.
      const held = random.pick(['response', 'response', 'both'] as const)
      for (const error of await payAndCut(subject, ops, held, random.integer(6))) {
        expect(error).toBeInstanceOf(errors.CommitUnknown)
        expect(error).toMatchObject({ retryable: false, cause: expect.any(errors.ConnectionLost) })
      }
      for (const again of await Promise.all(ops.map((op) => failure(pay(subject, op))))) {
        if (again === undefined) continue
        expect(again).toBeInstanceOf(errors.UniqueViolation)
        happened += 1
      }
    }
    const [sums] = await host.watcher.sql<Record<'balance' | 'entries' | 'payments', number>>`
      select (select sum(balance) from accounts) as balance, (select count(*) from entries) as entries,
        (select count(distinct op) from tallies) as payments`
    expect(Object.values(sums ?? {}).map(Number)).toEqual([cuts * amount, cuts, cuts])
    // Some had happened, and some had not.
    expect(happened).toBeGreaterThan(cuts / 20)
    expect(happened).toBeLessThan(cuts - cuts / 20)
  }, 600_000)

  it('whose COMMIT is not answered leaves what it created its key, to look by, and to be stored once', async () => {
    await using host = await openHost(engine)
    await using subject = await openOn(host, patient)
    const { db, watcher } = subject
    const one = await Tally.create({ label: 'one', op: 1 })
    const two = new Tally().fill({ label: 'two', op: 2 })
    let three: Tally | undefined
    const outcome = failure(
      db.transaction(async () => {
        await one.fill({ op: 10 }).save()
        await two.save()
        three = await Tally.create({ label: 'three', op: 3 })
        subject.proxy?.blackHole('response')
      }),
    )
    while ((await watcher.run(() => Tally.using(watcher).query().count())) < 3) await pause(5)
    subject.proxy?.cut()
    subject.proxy?.heal()
    expect(await outcome).toBeInstanceOf(errors.CommitUnknown)
    expect(one.changes()).toEqual({ op: 10 })
    expect(Object.keys(two).toSorted()).toEqual(['id', 'label', 'op'])
    for (const tally of [two, three!]) {
      expect(tally.changes()).toEqual(tally.toJSON())
      expect((await Tally.findOrFail(tally.id)).label).toBe(tally.label)
      await expect(tally.save()).rejects.toBeInstanceOf(errors.UniqueViolation)
    }
    await Tally.query().unfiltered().delete()
    await two.save()
    await three!.save()
    expect((await Tally.query().orderBy('id')).map(({ id }) => id)).toEqual([two.id, three!.id])
  })
}

describeWhere('postgres', 'a payment on PostgreSQL', () => itPaysOnce('postgres'))
describeWhere('mariadb', 'a payment on MariaDB', () => itPaysOnce('mariadb'))
describeWithUrl('MYSQL_URL', 'a payment on MySQL 8', () => itPaysOnce('mysql'))
