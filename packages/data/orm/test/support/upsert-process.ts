import { createDb } from '@covet/db'
import { sqlite } from '@covet/sqlite'
import { bind } from '../../src/index.ts'
import { Counter } from './counter.ts'

/** Upserts the same keys again and again: `node upsert-process.ts <file> <number>`. */
const [, , file = '', number = '0'] = process.argv
const db = createDb(sqlite({ file, busyTimeout: 30_000 }))
bind([Counter], db)
const base = Number(number) * 10
for (let round = 0; round < 20; round += 1) {
  const rows = ['a', 'b', 'c'].flatMap((name) => [
    { name, value: base + 1 },
    { name, value: base + 2 },
  ])
  await Counter.upsert(rows, { on: ['name'] })
}
await db.close()
