// Loses the thread of its writer while that writes, and in the middle of a transaction while nothing runs: says what came of each.
import { once } from 'node:events'
import type { Worker } from 'node:worker_threads'
import { createDb } from '@covet/db'
import { sqlite } from '@covet/sqlite'

const threads: Worker[] = []
process.on('worker', (thread) => threads.push(thread))

const [file = ''] = process.argv.slice(2)
const db = createDb(sqlite({ file, worker: true }))
await db.script('create table notes (id integer primary key, body text not null unique)')
const outcome = async (work: () => Promise<unknown>): Promise<unknown> => {
  try {
    return await work()
  } catch (error) {
    const { code, sent } = error as { code: string; sent?: boolean }
    return { code, sent }
  }
}
const write = (numbers: number): Promise<unknown> =>
  outcome(
    () => db.sql.run`insert into notes (body)
      with recursive n (i) as (select 1 union all select i + 1 from n where i < ${numbers}) select 'note ' || max(i) from n`,
  )
// That it writes is known from here on: it goes to the writer at once.
const before = await write(1)
const inFlight = write(3_000_000)
const afterwards = write(2)
await threads[0]?.terminate()
const answers = [before, await inFlight, await afterwards]
const idle = await outcome(() =>
  db.transaction(async () => {
    await write(3)
    // The last one that was started is the writer that came in place of the first.
    const writer = threads.at(-1) as Worker
    await Promise.all([once(writer, 'exit'), writer.terminate()])
  }),
)
await outcome(() => db.execute({ text: 'select ?', params: [() => 1], valuesAsGiven: true }))
console.log(JSON.stringify([...answers, idle]))
await db.close()
