import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { setImmediate as turn } from 'node:timers/promises'
import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import type { BeginOptions, Connection, Driver, Result, Role, ServerInfo, Statement } from '../driver.ts'
import * as errors from '../errors.ts'
import type { MaybePromise } from '../maybe-promise.ts'
import { violationOf } from './node-sqlite-violations.ts'

class Adapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true
  }
}

/**
 * SQLite as built into Node, behind the driver contract: for tests of packages that know no engine, and so depend on no
 * engine's package. It prepares every statement anew; an application uses `@covet/sqlite`.
 * @param file a database in memory by default, gone with its connection
 */
export function nodeSqlite(file = ':memory:'): Driver {
  return {
    dialect: 'sqlite',
    embedded: true,
    limits: { writer: 1, reader: 0, stream: 0 },
    defaultIsolation: 'serializable',
    healthQuery: 'select count(*) from sqlite_schema',
    placeholder: (position) => `?${position}`,
    quoteIdentifier: (name) => `"${name.replaceAll('"', '""')}"`,
    nodes: [{ name: file, role: 'primary', weight: 1, connect: (role) => new NodeSqliteConnection(file, role) }],
    kysely: {
      createAdapter: () => new Adapter(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  }
}

const control = /^(?:[\s;]|--[^\n]*\n|\/\*.*?\*\/)*(begin|commit|rollback|savepoint|release)/i

/** @param asynchronous answers later, as a driver over a network does */
export class NodeSqliteConnection implements Connection {
  readonly server: ServerInfo = { product: 'SQLite', version: [3, 0, 0] }
  readonly #db: DatabaseSync
  readonly #role: Role
  readonly #asynchronous: boolean
  #readOnly = false

  constructor(file: string, role: Role, asynchronous = false) {
    this.#db = new DatabaseSync(file, { timeout: 1_000 })
    this.#db.exec('pragma journal_mode = wal; pragma synchronous = off; pragma foreign_keys = on')
    this.#role = role
    this.#asynchronous = asynchronous
    if (role !== 'writer') this.#db.exec('pragma query_only = on')
  }

  get isOpen(): boolean {
    return this.#db.isOpen
  }

  get transactionStatus(): 'idle' | 'open' {
    return this.#db.isOpen && this.#db.isTransaction ? 'open' : 'idle'
  }

  execute(statement: Statement): MaybePromise<Result<unknown>> {
    return this.#do(() => this.#run(statement), statement.text)
  }

  isReadOnly(text: string): boolean {
    return /^\s*(select|with)\b/i.test(text) && !/\b(insert|update|delete)\b/i.test(text)
  }

  *stream({ text, params }: Statement): Generator<unknown> {
    try {
      yield* this.#db.prepare(text).iterate(...(params as SQLInputValue[]))
    } catch (error) {
      throw toDatabaseError(error, text, this.#db)
    }
  }

  script(text: string): MaybePromise<void> {
    return this.#do(() => this.#db.exec(text))
  }

  begin({ readOnly }: BeginOptions): MaybePromise<void> {
    return this.#do(() => {
      this.#db.exec(readOnly ? 'begin' : 'begin immediate')
      if (this.#role === 'writer') this.#setReadOnly(readOnly)
    })
  }

  commit(): MaybePromise<boolean> {
    return this.#do(() => {
      if (!this.#db.isTransaction) return false
      this.#db.exec('commit')
      this.#setReadOnly(false)
      return true
    })
  }

  rollback(): MaybePromise<void> {
    return this.#do(() => {
      this.#db.exec('rollback')
      this.#setReadOnly(false)
    })
  }

  savepoint(name: string): MaybePromise<void> {
    return this.#do(() => this.#db.exec(`savepoint ${name}`))
  }

  rollbackTo(name: string): MaybePromise<void> {
    return this.#do(() => this.#db.exec(`rollback to ${name}`))
  }

  release(name: string): MaybePromise<void> {
    return this.#do(() => this.#db.exec(`release ${name}`))
  }

  close(): void {
    if (this.#db.isOpen) this.#db.close()
  }

  #run({ text, params, rowMode }: Statement): Result<unknown> {
    const keyword = control.exec(text)?.[1]
    if (keyword) throw new errors.TransactionControlError(keyword)
    const missing = params.indexOf(undefined)
    if (missing >= 0) throw new errors.UnbindableValueError(missing + 1, 'undefined', 'Pass null.')
    const statement = this.#db.prepare(text)
    statement.setReturnArrays(rowMode !== undefined && rowMode !== 'object')
    if (statement.columns().length > 0) {
      const rows: unknown[] = statement.all(...(params as SQLInputValue[]))
      return { rows: Array.from(rows, (row) => (Array.isArray(row) ? Array.from(row) : { ...(row as object) })), changes: 0 }
    }
    const { changes, lastInsertRowid } = statement.run(...(params as SQLInputValue[]))
    return { rows: [], changes: Number(changes), lastInsertId: lastInsertRowid }
  }

  #setReadOnly(readOnly: boolean): void {
    if (this.#readOnly === readOnly) return
    this.#db.exec(`pragma query_only = ${readOnly ? 'on' : 'off'}`)
    this.#readOnly = readOnly
  }

  #do<T>(work: () => T, statement?: string): MaybePromise<T> {
    const attempt = (): T => {
      try {
        return work()
      } catch (error) {
        throw toDatabaseError(error, statement, this.#db)
      }
    }
    return this.#asynchronous ? turn().then(attempt) : attempt()
  }
}

function toDatabaseError(error: unknown, statement: string | undefined, db: DatabaseSync): Error {
  if (error instanceof errors.DatabaseError) return error
  const failure = { cause: error as Error, statement }
  const violation = violationOf(db, failure)
  if (violation) return violation
  const { message } = failure.cause
  if (/readonly/.test(message)) return new errors.ReadOnlyTransactionError(failure)
  if (/not open/.test(message)) return new errors.ConnectionLost(failure)
  return new errors.QueryFailed(message, failure)
}
