import type { SlowEvent } from '@covet/db'
import { median } from '@covet-benchmarks/common/statistics'
import type { Case } from '../case.ts'
import { connect, type Engine, openSpace, servers, sleeping } from '../engine.ts'
import { type Figure, furthest } from '../figure.ts'
import { check, times } from '../timing.ts'

const full = { rounds: 5, runMs: 300, waitMs: 500 }
/** How near "about" is. */
const nearness = 0.1
const secret = 'a secret'

export async function measure(engine: Engine, { rounds, runMs, waitMs } = full): Promise<Figure[]> {
  await using space = await openSpace(engine)
  await using db = connect(engine, space.url, { pool: { max: 1 }, slowQuery: { over: (runMs * 2) / 3 } })
  await db.connect()
  const text = `${sleeping(engine, runMs / 1_000)}, ${engine === 'postgres' ? '$1::text' : '?'}`
  const events = await times(rounds, async () => {
    const slow: SlowEvent[] = []
    const stop = db.on('slow', (event) => slow.push(event))
    // SQL-04 -- numbers of the benchmark
    const saturating = db.transaction(() => db.execute({ text: sleeping(engine, waitMs / 1_000), params: [] }))
    await db.execute({ text, params: [secret] }) // SQL-04 -- a number of the benchmark
    await saturating
    stop()
    const own = slow.filter((event) => event.text === text)
    check(own.length === 1, `${own.length} events instead of one.`)
    check(!JSON.stringify(slow).includes(secret), 'The event shows a parameter.')
    return own[0] as SlowEvent
  })
  return [...figures('runMs', 'a query', runMs), ...figures('waitMs', 'a pool saturated', waitMs)]

  function figures(name: 'runMs' | 'waitMs', what: string, expected: number): Figure[] {
    const values = events.map((event) => event[name])
    const bound = { about: expected, within: expected * nearness }
    return [
      { what: `${name} of ${what} for ${expected} ms: p50`, unit: 'ms', value: median(values), bound },
      { what: `${name} of ${what} for ${expected} ms: furthest from it`, unit: 'ms', value: furthest(values, expected), bound },
    ]
  }
}

export const slowLog: Case = { id: 'DB-15', title: 'the slow-query log', engines: servers, measure }
