import assert from 'node:assert/strict'
import { createDb } from '../create-db.ts'
import type { Database } from '../database.ts'
import type { ConnectionDefinition } from '../options.ts'

/** The two functions of a test runner the contract needs, so that it depends on none. */
export interface TestApi {
  describe: (name: string, body: () => void) => void
  it: (name: string, body: () => Promise<void>) => void
}

/** What the contract has to know of a driver under test. */
export interface DriverSubject {
  /** An empty database of its own, removed by `remove` once it is closed. */
  create: () => Promise<{ definition: ConnectionDefinition; remove: () => Promise<void> }>
  /** What becomes of a transaction in which a statement failed and the callback went on. */
  afterFailedStatement: 'committed' | 'aborted'
  /** What becomes, outside of a transaction, of the statements of a script before the one that failed. */
  afterFailedScript: 'kept' | 'undone'
  /** Whether a transaction leaves other connections to read and, unless they write elsewhere, to write. */
  readsBesideTransaction: boolean
  /** How many transactions the server says are open in this database, where there is a server to tell. */
  openTransactions?: (db: Database) => Promise<number>
}

const tables = [
  `create table notes (id integer primary key, body varchar(100) not null, priority integer not null default 1,
     constraint notes_body unique (body), constraint notes_priority check (priority > 0))`,
  `create table replies (id integer primary key, note integer not null,
     constraint replies_note foreign key (note) references notes (id))`,
]

/** Runs `test` with the contract's tables in a fresh database. */
export async function withTables(subject: DriverSubject, test: (db: Database) => Promise<void>): Promise<void> {
  const { definition, remove } = await subject.create()
  const db = createDb(definition)
  try {
    for (const table of tables) await db.script(table)
    await test(db)
  } finally {
    await db.close({ drain: '1s' })
    await remove()
  }
}

/** The bodies of all notes, in the order of their keys. */
export async function bodies(db: Database): Promise<string[]> {
  const rows = await db.sql<{ body: string }>`select body from notes order by id`
  return rows.map(({ body }) => body)
}

/** Equality of plain data. Through JSON, because a test runner's realm and the driver's may have different arrays and objects. */
export function assertSame(actual: unknown, expected: unknown): void {
  assert.deepEqual(JSON.parse(JSON.stringify(actual)), JSON.parse(JSON.stringify(expected)))
}
