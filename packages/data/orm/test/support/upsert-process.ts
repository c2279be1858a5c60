import { createDb, type Database } from '@covet/db'
import { mysql } from '@covet/mysql'
import { postgres } from '@covet/postgres'
import { sqlite } from '@covet/sqlite'
import { Counter } from './counter.ts'

/** Where a process is to write, and which number it has among the others. */
export interface UpsertOrder {
  readonly dialect: string
  /** A URL, or the file. */
  readonly address: string
  readonly number: number
}

/** How an order ended: with its error, if it has one. */
export interface UpsertReport {
  readonly error?: string
}

export const upsertRounds = 8

/** Upserts the same keys again and again; 1 is the last digit of the first value of a key in a call, 2 of its last. */
async function work({ dialect, address, number }: UpsertOrder): Promise<void> {
  await using stack = new AsyncDisposableStack()
  const db = stack.adopt(open(dialect, address), (each) => each.close())
  const counters = Counter.using(db)
  for (let round = 0; round < upsertRounds; round += 1) {
    const base = (number * upsertRounds + round) * 10
    const rows = ['a', 'b', 'c'].flatMap((name) => [
      { name, value: base + 1 },
      { name, value: base + 2 },
    ])
    const stored = await counters.upsert(rows, { on: ['name'] })
    if (stored.some(({ value }) => value % 10 !== 2)) throw new Error('the first value of a call won')
  }
}

function open(dialect: string, address: string): Database {
  if (dialect === 'postgres') return createDb(postgres({ url: address }))
  if (dialect === 'mysql') return createDb(mysql({ url: address }))
  return createDb(sqlite({ file: address, busyTimeout: 30_000 }))
}

process.on('message', (order: UpsertOrder) => {
  work(order).then(
    () => process.send?.({} satisfies UpsertReport),
    (error: unknown) => process.send?.({ error: String(error) } satisfies UpsertReport),
  )
})
process.send?.({} satisfies UpsertReport)
