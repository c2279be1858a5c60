import type { Database } from '@covet/db'
import { createTables } from '@covet/orm/testing'
import { describe, expect, it } from '@jest/globals'
import { describeWhere, describeWith } from '@covet-workspace/tooling/services/jest'
import { measure as breaker } from '../src/cases/breaker.ts'
import { measure as bulk } from '../src/cases/bulk.ts'
import { measure as cancellation } from '../src/cases/cancellation.ts'
import { measure as eventLoop } from '../src/cases/event-loop.ts'
import { measure as outage } from '../src/cases/outage.ts'
import { measure as poolExhaustion } from '../src/cases/pool-exhaustion.ts'
import { measure as restart } from '../src/cases/restart.ts'
import { measure as slowLog } from '../src/cases/slow-log.ts'
import { measure as stream } from '../src/cases/stream.ts'
import { measure as threads } from '../src/cases/threads.ts'
import { connect, type Engine, openSpace, titles } from '../src/engine.ts'
import type { Figure } from '../src/figure.ts'
import { rawBulk } from '../src/raw-bulk.ts'
import { fillSamples, Sample } from '../src/sample.ts'
import { Wide, wide } from '../src/wide.ts'

// Each once and small: that it measures what it says is asked here, whether the bounds hold is for a quiet machine. DB-12 takes two servers
// of its own and is left to the benchmark.

/** The values, all of which were measured. */
function valuesOf(figures: readonly Figure[]): number[] {
  expect(figures.map(({ value }) => value)).not.toContain(Number.NaN)
  return figures.map(({ value }) => value)
}

function onEachServer(title: string, body: (engine: Engine) => void): void {
  for (const engine of ['postgres', 'mariadb'] as const) describeWith(engine, `${title} on ${titles[engine]}`, () => body(engine))
}

describe('DB-5 beside a locked database', () => {
  it('sees the driver stop the event loop for as long as the lock is held, and Covet not', async () => {
    const figures = await eventLoop('sqlite', { rounds: 1, heldMs: 1_000 })
    const [gap = Number.NaN] = valuesOf(figures)
    expect(figures[0]?.peer?.value).toBeGreaterThan(600)
    expect(gap).toBeLessThan(figures[0]?.peer?.value ?? 0)
  })
})

onEachServer('the cases over a server', (engine) => {
  it('DB-6 waits for acquireTimeout and no less', async () => {
    const figures = await poolExhaustion(engine, { rounds: 1, acquireTimeout: 500 })
    expect(figures[0]?.value).toBeGreaterThan(490)
    expect(figures[0]?.peer?.name).toBe(engine === 'postgres' ? 'pg' : undefined)
  })

  it('DB-13 counts from the start of the query, and waits for its end on the server', async () => {
    const [median = Number.NaN, longest, gone] = valuesOf(await cancellation(engine, { rounds: 1 }))
    expect(median).toBeGreaterThan(95)
    expect(median).toBeLessThan(10_000)
    expect(longest).toBe(median)
    expect(gone).toBeLessThan(10_000)
  })

  it('DB-15 tells running from waiting', async () => {
    const [ran = Number.NaN, , waited = Number.NaN] = valuesOf(await slowLog(engine, { rounds: 1, runMs: 30, waitMs: 400 }))
    expect(ran).toBeGreaterThan(25)
    expect(waited).toBeGreaterThan(300)
  })
})

describeWhere('postgres', 'a server of its own', () => {
  it('DB-10 is refused at once, and closed again after openFor', async () => {
    const figures = await breaker('postgres', { rounds: 1, refusals: 20, openFor: 1_000 })
    const [refused, , longest = Number.NaN, closed = Number.NaN] = valuesOf(figures)
    expect(refused).toBeLessThanOrEqual(longest)
    // Nobody tries the server before openFor is over.
    expect(closed).toBeGreaterThan(900)
    expect(figures[3]?.bound).toMatchObject({ below: expect.any(Number) })
  })

  it('REL-08 waits for the last answer, and for a pool that is well again', async () => {
    const size = { rounds: 1, callers: 9, connections: 3, acquireTimeout: 600, statementTimeout: 1_000 }
    const figures = await outage('postgres', size)
    const [, , silent = Number.NaN, , locked = Number.NaN] = valuesOf(figures)
    // Nothing but its limit ends what waits for a lock, or for a word.
    expect(silent).toBeGreaterThan(900)
    expect(locked).toBeGreaterThan(900)
    expect(figures.map(({ bound }) => bound)).toEqual(Array.from({ length: 3 }, () => [{ below: 1_600 }, { below: 5_000 }]).flat())
  })
})

describe('the cases of memory, in processes of their own', () => {
  it('ORM-14 stores all rows, through models and through the driver', async () => {
    const figures = await bulk('sqlite', { rows: 1_500 })
    const [grown, took] = valuesOf(figures)
    // So few rows may fit into what the process has already.
    expect(grown).toBeGreaterThanOrEqual(0)
    expect(took).toBeGreaterThan(0)
    expect(figures.map(({ peer }) => peer?.name)).toEqual(['better-sqlite3', 'better-sqlite3'])
    expect(figures[1]?.peer?.value).toBeGreaterThan(0)
  })

  it('ORM-16 reads all rows in their order', async () => {
    const [, , first = Number.NaN, all = Number.NaN] = valuesOf(await stream('sqlite', { rows: 3_000, breaks: 2 }))
    expect(first).toBeGreaterThan(0)
    expect(all).toBeGreaterThan(0)
  })
})

describe('P7 a report', () => {
  it('stops the event loop of those alone who run it without threads', async () => {
    const [gap, lookup] = await threads('sqlite', { rounds: 1, numbers: 3_000_000, lookups: 50 })
    expect(gap?.value).toBeLessThan(gap?.peer?.value ?? 0)
    expect(lookup?.value).toBeGreaterThan(0)
    expect(lookup?.peer?.name).toBe('worker: false')
  })
})

describe('REL-10 an application that is killed', () => {
  it('is started again, and its rows are compared', async () => {
    const figures = await restart('sqlite', { kills: 2, built: false })
    const [half = Number.NaN, longest] = valuesOf(figures)
    expect(half).toBeGreaterThan(0)
    expect(longest).toBeGreaterThanOrEqual(half)
  })
})

onEachServer('what the cases of memory bring along', (engine) => {
  it('stores the rows that models store, by the driver alone (ORM-14)', async () => {
    await using at = await withTables(engine, [Wide])
    const rows = Array.from({ length: 1_200 }, (_, n) => wide(n))
    const ids = await rawBulk[engine](at.url, rows)
    const stored = await Wide.using(at.db).query().orderBy('id')
    expect(stored.map(({ id }) => Number(id))).toEqual(ids)
    expect(stored).toMatchObject(rows)
  })

  it('fills a table with numbered rows (ORM-16)', async () => {
    await using at = await withTables(engine, [Sample])
    await fillSamples(at.db, engine, 50)
    const samples = await Sample.using(at.db).query().orderBy('id')
    expect(samples.map(({ title, place }) => [title, place])).toEqual(Array.from({ length: 50 }, (_, n) => [`sample ${n}`, n]))
  })
})

async function withTables(
  engine: Engine,
  models: Parameters<typeof createTables>[1],
): Promise<AsyncDisposable & { db: Database; url: string }> {
  const space = await openSpace(engine)
  const db = connect(engine, space.url)
  await createTables(db, models)
  return {
    db,
    url: space.url,
    async [Symbol.asyncDispose]() {
      await db.close({ drain: 0 })
      await space[Symbol.asyncDispose]()
    },
  }
}
