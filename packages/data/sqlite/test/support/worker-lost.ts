// Loses the thread of its writer while that writes, and says what came of the write, and of the next one.
import type { Worker } from 'node:worker_threads'
import { createDb } from '@covet/db'
import { sqlite } from '@covet/sqlite'

const threads: Worker[] = []
process.on('worker', (thread) => threads.push(thread))

const [file = ''] = process.argv.slice(2)
const db = createDb(sqlite({ file, worker: true }))
await db.script('create table notes (id integer primary key, body text not null unique)')
const write = async (numbers: number): Promise<unknown> => {
  try {
    return await db.sql.run`insert into notes (body)
      with recursive n (i) as (select 1 union all select i + 1 from n where i < ${numbers}) select 'note ' || max(i) from n`
  } catch (error) {
    const { code, sent } = error as { code: string; sent?: boolean }
    return { code, sent }
  }
}
// That it writes is known from here on: it goes to the writer at once.
const before = await write(1)
const inFlight = write(3_000_000)
const afterwards = write(2)
await threads[0]?.terminate()
console.log(JSON.stringify([before, await inFlight, await afterwards]))
await db.close()
