import { createDb, type Database } from '@covet/db'
import { describeWith } from '@covet-workspace/tooling/services/jest'
import { mysql, type MysqlOptions } from '../../src/index.ts'
import { describeMysql } from './mysql.ts'
import type { Space } from './space.ts'

export interface TestServer {
  readonly product: 'MariaDB' | 'MySQL'
  open(): Promise<Space>
}

/** The same tests on MariaDB, always, and on MySQL 8, where MYSQL_URL names one. */
export function describeServers(title: string, body: (server: TestServer) => void): void {
  describeWith('mariadb', `${title} on MariaDB`, (open) => body({ product: 'MariaDB', open }))
  describeMysql(title, (open) => body({ product: 'MySQL', open }))
}

export interface TemporaryDb extends AsyncDisposable {
  readonly db: Database
  readonly url: string
}

/** A database of its own with a table of notes; it is dropped with the others after the last test. */
export async function temporaryDb(server: TestServer, options: MysqlOptions = {}): Promise<TemporaryDb> {
  const { url } = await server.open()
  const db = createDb(mysql({ url, ...options }))
  await db.script(
    'create table notes (id integer auto_increment primary key, body varchar(100) not null unique, views integer not null default 0)',
  )
  return { db, url, [Symbol.asyncDispose]: () => db.close({ drain: 0 }) }
}

export async function bodies(db: Database): Promise<string[]> {
  const rows = await db.sql<{ body: string }>`select body from notes order by id`
  return rows.map(({ body }) => body)
}

/** How many statements of this text run on the server now, by any connection. */
export async function running(db: Database, text: string): Promise<number> {
  const rows = await db.sql<{ n: number }>`select count(*) as n from information_schema.processlist where info = ${text}`
  return rows[0]?.n ?? 0
}

/**
 * How many transactions the server says are open in this database, the asking session's apart, when there are none or
 * after a while. InnoDB tells what it knew the time before when anybody, also of another database, asked within a tenth of a
 * second: two that ask in step would never hear anything new.
 */
export async function openTransactions(db: Database): Promise<number> {
  for (let asked = 1; ; asked += 1) {
    const rows = await db.sql`select trx_id from information_schema.innodb_trx where trx_mysql_thread_id <> connection_id()
      and trx_mysql_thread_id in (select id from information_schema.processlist where db = database())`
    if (rows.length === 0 || asked === 20) return rows.length
    await new Promise((resolve) => setTimeout(resolve, 110 + Math.random() * 190))
  }
}

export async function connectionId(db: Database): Promise<number> {
  const rows = await db.sql<{ id: number }>`select connection_id() as id`
  return rows[0]?.id ?? 0
}
