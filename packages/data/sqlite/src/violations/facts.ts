import type BetterSqlite from 'better-sqlite3'
import { parseTable } from '../introspect/parse-table.ts'
import { keysAtHead, nameIn, sqlOf, type StoredKey, tablesOfIndex } from './stored.ts'
import { writtenBy } from './written.ts'

/** What a violation is about. */
export interface Facts {
  constraint?: string | undefined
  table?: string
  columns?: readonly string[]
}

/** Where to look for what a message leaves out. */
export interface Asked {
  readonly db: BetterSqlite.Database | undefined
  readonly statement: string | undefined
}

/** From `UNIQUE constraint failed: posts.a, posts.b`, or `…: index 'name'` of an index over an expression. */
export function uniqueFacts(message: string, asked: Asked): Facts {
  const failed = afterColon(message)
  const index = /^index '(.+)'$/s.exec(failed)?.[1]?.replaceAll("''", "'")
  if (index !== undefined) return { constraint: index, ...told(asked, (db) => tableOfIndex(db, index), {}) }
  return told(asked, (db) => keyFacts(db, failed), undefined) ?? pathFacts(failed)
}

/** From `NOT NULL constraint failed: posts.title`. */
export function notNullFacts(message: string): Facts {
  return pathFacts(afterColon(message))
}

/** From `CHECK constraint failed: posts_views`, or the expression of one without a name. */
export function checkFacts(message: string, asked: Asked): Facts {
  const constraint = afterColon(message)
  return { constraint, ...told(asked, (db) => tableOfCheck(db, asked.statement, constraint), {}) }
}

/** From `cannot store TEXT value in INTEGER column posts.views` of a STRICT table. */
export function typeFacts(message: string): Facts {
  return pathFacts(/ column (.+)$/s.exec(message)?.[1] ?? '')
}

/** The message tells nothing: it is certain where the statement can have violated one key alone. */
export function foreignKeyFacts(asked: Asked): Facts {
  return told(asked, (db) => onlyReference(db, asked.statement), {})
}

/** What cannot be looked up must not hide what failed. */
function told<T>({ db }: Asked, look: (db: BetterSqlite.Database) => T, otherwise: T): T {
  try {
    return db ? look(db) : otherwise
  } catch {
    return otherwise
  }
}

function tableOfIndex(db: BetterSqlite.Database, index: string): Facts {
  const [table, another] = tablesOfIndex(db, index)
  return table === undefined || another !== undefined ? {} : { table }
}

/** The keys that the message can be about: of the same name and columns there may be two, and then neither is named. */
function keyFacts(db: BetterSqlite.Database, failed: string): Facts | undefined {
  const keys = keysAtHead(db, failed).filter((key) => key.columns.map((column) => `${key.table.name}.${column}`).join(', ') === failed)
  const [key, another] = keys
  if (!key || keys.some(({ table }) => table.name !== key.table.name)) return undefined
  return { table: key.table.name, columns: key.columns, ...(!another && { constraint: nameOfKey(db, key) }) }
}

function nameOfKey(db: BetterSqlite.Database, { table, index, origin, columns }: StoredKey): string | undefined {
  if (origin === 'c') return index
  return origin === 'u' ? nameIn(db, { table, columns, among: 'uniques' }) : undefined
}

function tableOfCheck(db: BetterSqlite.Database, text: string | undefined, failed: string): Facts {
  const table = text === undefined ? undefined : writtenBy(db, text)?.table
  const checks = (table && parseTable(sqlOf(db, table))?.checks) ?? []
  return table && checks.some(({ name, expression }) => (name ?? expression) === failed) ? { table: table.name } : {}
}

function onlyReference(db: BetterSqlite.Database, text: string | undefined): Facts {
  const written = text === undefined ? undefined : writtenBy(db, text)
  const [key, another] = written?.references ?? []
  if (!written || !key || another) return {}
  const { table: name, columns } = key
  return { table: name, columns, constraint: nameIn(db, { table: { ...written.table, name }, columns, among: 'foreignKeys' }) }
}

/** A name may hold a point itself: then it is not to be seen where the table's ends. */
function pathFacts(path: string): Facts {
  const [, table, column] = /^([^.]+)\.([^.]+)$/s.exec(path) ?? []
  return table !== undefined && column !== undefined ? { table, columns: [column] } : {}
}

function afterColon(message: string): string {
  return message.slice(message.indexOf(': ') + 2)
}
