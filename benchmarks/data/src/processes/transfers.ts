// An application that moves money until it is killed. It says when the database answered first, and what it acknowledged.
import { setImmediate as turn } from 'node:timers/promises'
import { type ConnectionDefinition, createDb } from '@covet/db'
import { bind } from '@covet/orm'
import type { Engine } from '../engine.ts'
import { Account, Entry, transfer } from '../ledger.ts'

const [engine = '', url = '', number = ''] = process.argv.slice(2)

/** The one driver that such an application has. */
const definitions: Readonly<Record<Engine, () => Promise<ConnectionDefinition>>> = {
  sqlite: async () => (await import('@covet/sqlite')).sqlite({ file: url }),
  postgres: async () => (await import('@covet/postgres')).postgres({ url }),
  mariadb: async () => (await import('@covet/mysql')).mysql({ url }),
}

const db = createDb(await definitions[engine as Engine]())
bind([Account, Entry], db)
await Account.findOrFail(1)
console.log('answered')
await Promise.all([1, 2, 3, 4].map(work))

async function work(amount: number): Promise<never> {
  for (;;) {
    await transfer(db, Number(number), amount)
    console.log('acknowledged')
    await Account.with('entries').where('id', 2)
    await turn()
  }
}
