import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { service } from '@covet-workspace/tooling/services'
import Database from 'better-sqlite3'
import { Client } from 'pg'
import { postColumns, userColumns } from './columns.ts'
import type { Engine } from './contract.ts'
import { items, posts, userCount, users } from './data.ts'
import { itemTable, tables } from './schema.ts'

/** The database of one contender, seen from outside the contender. */
export interface Target {
  /** A file's path or a server's URL. */
  readonly url: string
  query(sql: string): Promise<readonly unknown[]>
  /** Takes out what write workloads left behind: a slice never pays for the one before. */
  reset(): Promise<void>
  drop(): Promise<void>
}

/** Opens databases with the same rows; all are dropped when it is disposed of. */
export interface Targets extends AsyncDisposable {
  open(engine: Engine): Promise<Target>
}

export function createTargets(): Targets {
  const open: Target[] = []
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'covet-orm-'))
  let template: string | undefined
  const makers: Readonly<Record<Engine, () => Promise<Target>>> = {
    sqlite: async () => {
      template ??= fillSqlite(join(folder, 'template.db'))
      const file = join(folder, `${open.length}.db`)
      copyFileSync(template, file)
      return sqliteTarget(file)
    },
    postgres: postgresTarget,
  }
  return {
    async open(engine) {
      const target = await makers[engine]()
      open.push(target)
      return target
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(open.map((target) => target.drop()))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function fillSqlite(file: string): string {
  const db = new Database(file)
  db.pragma('journal_mode = wal')
  db.exec(tables('sqlite'))
  const insert = (table: string, columns: string, rows: readonly object[]): void => {
    const names = columns.split(', ')
    const statement = db.prepare(`insert into ${table} (${columns}) values (${names.map((name) => `@${name}`).join(', ')})`)
    db.transaction(() => rows.forEach((row) => statement.run(row)))()
  }
  insert('users', userColumns, users())
  insert('posts', postColumns, posts())
  insert('counters', 'id, name, hits', counters())
  db.exec('analyze')
  db.pragma('wal_checkpoint(truncate)')
  db.close()
  return file
}

function sqliteTarget(file: string): Target {
  const db = new Database(file)
  return {
    url: file,
    query: async (sql) => db.prepare(sql).all(),
    reset: async () => {
      db.exec('delete from notes')
      db.pragma('wal_checkpoint(truncate)')
    },
    drop: async () => void db.close(),
  }
}

async function postgresTarget(): Promise<Target> {
  const space = await service('postgres')
  const client = new Client({ connectionString: space.url })
  await client.connect()
  await client.query(`${tables('postgres')}${itemTable}`)
  for (const [table, rows] of [
    ['users', users()],
    ['posts', posts()],
    ['counters', counters()],
    ['items', items(1_000)],
  ] as const) {
    await client.query(`insert into ${table} select * from json_populate_recordset(null::${table}, $1)`, [JSON.stringify(rows)])
  }
  await client.query('analyze')
  return {
    url: space.url,
    query: async (sql) => (await client.query(sql)).rows,
    reset: async () => void (await client.query('truncate notes restart identity')),
    drop: async () => {
      await client.end()
      await space.drop()
    },
  }
}

function counters(): { id: number; name: string; hits: number }[] {
  return Array.from({ length: userCount }, (_, index) => ({ id: index + 1, name: `counter ${index + 1}`, hits: 0 }))
}
