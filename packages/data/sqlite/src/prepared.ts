import type BetterSqlite from 'better-sqlite3'
import { errors, type Result, type Statement } from '@covet/db'
import { holdsRoundedInteger, narrowIntegers, type Row, toInteger } from './integers.ts'

const opening = /^(?:[\s;]|--[^\n]*(?:\n|$)|\/\*[\s\S]*?(?:\*\/|$))*([a-z]+)/i
const transactionControl: ReadonlySet<string> = new Set(['begin', 'commit', 'end', 'rollback', 'savepoint', 'release'])
/** Read-only to SQLite, yet about the session they run in: these belong to the writer. */
const sessionStatements: ReadonlySet<string> = new Set(['pragma', 'attach', 'detach'])
const inserts: ReadonlySet<string> = new Set(['insert', 'replace'])

type RowMode = NonNullable<Statement['rowMode']>

/** A statement prepared on one connection. */
export class Prepared {
  readonly readOnly: boolean
  readonly #statement: BetterSqlite.Statement<unknown[], Row>
  readonly #inserts: boolean
  #asArrays = false
  #exact = false

  constructor(db: BetterSqlite.Database, text: string) {
    const verb = opening.exec(text)?.[1]?.toLowerCase() ?? ''
    if (transactionControl.has(verb)) throw new errors.TransactionControlError(verb)
    this.#statement = db.prepare<unknown[], Row>(text)
    this.#inserts = inserts.has(verb)
    this.readOnly = this.#statement.readonly && !sessionStatements.has(verb)
    // What writes cannot be read a second time when an integer turns out too large for a number.
    if (!this.#statement.readonly) this.#readExactly()
  }

  run(params: unknown[], rowMode: RowMode): Result<unknown> {
    if (!this.#statement.reader) return this.#change(params)
    const rows = this.#rows(params, rowMode)
    return { rows, changes: this.#statement.readonly ? 0 : rows.length }
  }

  *iterate(params: unknown[], rowMode: RowMode): Generator<unknown> {
    this.#setRowMode(rowMode)
    this.#readExactly()
    for (const row of this.#statement.iterate(params)) yield narrowIntegers(row)
  }

  #change(params: unknown[]): Result<unknown> {
    const { changes, lastInsertRowid } = this.#statement.run(params)
    return this.#inserts && changes > 0 ? { rows: [], changes, lastInsertId: toInteger(lastInsertRowid) } : { rows: [], changes }
  }

  /** Plain numbers are read at full speed; the first integer they cannot hold turns the statement to exact reading. */
  #rows(params: unknown[], rowMode: RowMode): Row[] {
    this.#setRowMode(rowMode)
    if (!this.#exact) {
      const rows = this.#statement.all(params)
      if (!holdsRoundedInteger(rows)) return rows
      this.#readExactly()
    }
    const rows = this.#statement.all(params)
    for (const row of rows) narrowIntegers(row)
    return rows
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
