import { createDb } from '@covet/db'
import { sqlite } from '@covet/sqlite'
import { setTimeout as pause } from 'node:timers/promises'

/** Holds the write lock of a file: `node lock-holder.ts <file> <milliseconds>`. */
const [, , file = '', time = '0'] = process.argv
await using db = createDb(sqlite({ file, busyTimeout: 30_000 }))
await db.transaction(async () => {
  console.log('locked')
  await pause(Number(time))
})
