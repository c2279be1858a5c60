// Inserts notes into the database named by the argument without end, and acknowledges each on its own line once it is committed.
import { createDb } from '@covet/db'
import { sqlite } from '@covet/sqlite'

const [file = ''] = process.argv.slice(2)
const db = createDb(sqlite({ file, durability: 'normal' }))
for (let id = 1; ; id += 2) {
  await db.sql`insert into notes (id, body) values (${id}, ${`note ${id}`})`
  process.stdout.write(`${id}\n`)
  await db.transaction(() => db.sql`insert into notes (id, body) values (${id + 1}, ${`note ${id + 1}`})`)
  process.stdout.write(`${id + 1}\n`)
}
