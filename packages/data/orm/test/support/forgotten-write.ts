import { createDb } from '@covet/db'
import { sqlite } from '@covet/sqlite'
import { bind } from '../../src/index.ts'
import { createTables } from '../../src/testing.ts'
import { Item } from './item.ts'

/** Forgets to await a write that fails. */
const db = createDb(sqlite({ file: ':memory:' }))
await createTables(db, [Item])
bind([Item], db)
const { id } = await Item.create({ name: 'first' })
void Item.create({ id, name: 'second' })
process.stdout.write('gone on')
