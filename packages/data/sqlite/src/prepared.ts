import type BetterSqlite from 'better-sqlite3'
import { errors, type Result, type Statement } from '@covet/db'
import { holdsRoundedInteger, narrowIntegers, type Row, toInteger } from './integers.ts'

const opening = /^(?:[\s;]|--[^\n]*(?:\n|$)|\/\*[\s\S]*?(?:\*\/|$))*([a-z]+)/i
const transactionControl: ReadonlySet<string> = new Set(['begin', 'commit', 'end', 'rollback', 'savepoint', 'release'])
/** Read-only to SQLite, yet about the session they run in: these belong to the writer. */
const sessionStatements: ReadonlySet<string> = new Set(['pragma', 'attach', 'detach'])
const inserts: ReadonlySet<string> = new Set(['insert', 'replace'])

/**
 * So many parameters are arguments of their own, which the driver takes a tenth faster than a list (1,000 rows of 4
 * columns: 640 µs, not 720). Far more would not fit the stack.
 */
const mostArguments = 8_192

type RowMode = NonNullable<Statement['rowMode']>

/** A statement prepared on one connection. */
export class Prepared {
  readonly readOnly: boolean
  readonly #statement: BetterSqlite.Statement<unknown[], Row>
  /** It answers with rows. */
  readonly #reader: boolean
  readonly #writes: boolean
  readonly #inserts: boolean
  #asArrays = false
  #exact = false

  constructor(db: BetterSqlite.Database, text: string) {
    const verb = opening.exec(text)?.[1]?.toLowerCase() ?? ''
    if (transactionControl.has(verb)) throw new errors.TransactionControlError(verb)
    const statement = db.prepare<unknown[], Row>(text)
    this.#statement = statement
    this.#reader = statement.reader
    this.#writes = !statement.readonly
    this.#inserts = inserts.has(verb)
    this.readOnly = statement.readonly && !sessionStatements.has(verb)
    // What writes cannot be read a second time when an integer turns out too large for a number.
    if (this.#writes && (this.#reader || this.#inserts)) this.#readExactly()
  }

  run(params: readonly unknown[], rowMode: RowMode, firstOnly: boolean): Result<unknown> {
    const given = argumentsOf(params)
    if (!this.#reader) return this.#change(given)
    // A statement that writes is run to its end.
    const rows = this.#rows(given, rowMode, firstOnly && !this.#writes)
    return { rows, changes: this.#writes ? rows.length : 0 }
  }

  *iterate(params: readonly unknown[], rowMode: RowMode): Generator<unknown> {
    this.#setRowMode(rowMode)
    this.#readExactly()
    for (const row of this.#statement.iterate(params)) yield narrowIntegers(row)
  }

  #change(params: readonly unknown[]): Result<unknown> {
    const { changes, lastInsertRowid } = this.#statement.run(...params)
    return this.#inserts && changes > 0 ? { rows: [], changes, lastInsertId: toInteger(lastInsertRowid) } : { rows: [], changes }
  }

  /** Plain numbers are read at full speed; the first integer they cannot hold turns the statement to exact reading. */
  #rows(params: readonly unknown[], rowMode: RowMode, firstOnly: boolean): Row[] {
    this.#setRowMode(rowMode)
    if (!this.#exact) {
      const rows = this.#read(params, firstOnly)
      if (!holdsRoundedInteger(rows)) return rows
      this.#readExactly()
    }
    const rows = this.#read(params, firstOnly)
    for (const row of rows) narrowIntegers(row)
    return rows
  }

  #read(params: readonly unknown[], firstOnly: boolean): Row[] {
    if (!firstOnly) return this.#statement.all(...params)
    const row = this.#statement.get(...params)
    return row === undefined ? [] : [row]
  }

  #setRowMode(rowMode: RowMode): void {
    const asArrays = rowMode !== 'object'
    if (this.#asArrays === asArrays) return
    this.#statement.raw(asArrays)
    this.#asArrays = asArrays
  }

  #readExactly(): void {
    if (this.#exact) return
    this.#statement.safeIntegers(true)
    this.#exact = true
  }
}

function argumentsOf(params: readonly unknown[]): readonly unknown[] {
  return params.length > mostArguments ? [params] : params
}
