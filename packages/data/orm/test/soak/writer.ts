import { bind } from '../../src/index.ts'
import { type Engine, openDatabase, writerWorkers } from './engines.ts'
import { Journal } from './journal.ts'
import { runLoad } from './load.ts'
import { Account, soakModels } from './models.ts'

/** A process of the application, to be killed: `node writer.ts <engine> <address> <journal> <generation>`. */
const [, , engine = '', address = '', file = '', generation = '0'] = process.argv
const db = openDatabase(engine as Engine, address)
bind(soakModels, db)
const journal = new Journal(file, Number(generation) * 1_000_000)
await db.connect()
await Account.findOrFail(1)
console.log('working')
const { unexpected } = await runLoad({
  db,
  journal,
  seed: Number(generation),
  workers: writerWorkers,
  name: `process ${generation}`,
  until: new AbortController().signal,
})
console.log(unexpected)
