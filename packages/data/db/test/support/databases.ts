import { createDb, type Database } from '../../src/index.ts'
import { fileDatabase, nodeSqlite, type NodeSqliteOptions } from './node-sqlite.ts'

/** A database in memory with one connection, and a table of notes. */
export async function memoryDb(options: NodeSqliteOptions = {}): Promise<Database> {
  return withNotes(createDb(nodeSqlite(options)))
}

/** A database in a file with readers beside its writer, and a table of notes. The file goes when it is disposed of. */
export async function fileDb(options: NodeSqliteOptions = {}): Promise<{ db: Database } & AsyncDisposable> {
  const { definition, remove } = fileDatabase(options)
  const db = await withNotes(createDb(definition))
  return {
    db,
    async [Symbol.asyncDispose]() {
      await db.close({ drain: 0 })
      await remove()
    },
  }
}

export { bodies } from '../../src/contract/subject.ts'

export async function collect<Row>(rows: AsyncIterable<Row>): Promise<Row[]> {
  const collected: Row[] = []
  for await (const row of rows) collected.push(row)
  return collected
}

/** A promise and the function that resolves it. */
export function signalled(): { promise: Promise<void>; resolve: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { promise, resolve }
}

async function withNotes(db: Database): Promise<Database> {
  await db.script('create table notes (id integer primary key, body text not null unique)')
  return db
}
