// Writes a note through connections in threads of their own, and comes to its end without closing them.
import { createDb } from '@covet/db'
import { sqlite } from '@covet/sqlite'

const [file = ''] = process.argv.slice(2)
const db = createDb(sqlite({ file, worker: true }))
await db.script('create table notes (id integer primary key, body text not null unique)')
await db.sql`insert into notes (id, body) values (1, 'A')`
for await (const row of db.stream({ text: 'select * from notes', params: [] })) console.log(row)
