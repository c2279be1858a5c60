import type BetterSqlite from 'better-sqlite3'
import { errors, type Result, type RowMode, type Statement, statementTarget } from '@covet/db'
import { assertNumbers, holdsRoundedInteger, narrowIntegers, type Row, toInteger } from './integers.ts'

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

/** It may update instead, and then the driver tells the key of an earlier insert, of whatever table. */
const mayUpdate = /\bdo\s+update\b/i

/** A text that may name a column so: itself, or by a star. */
const maybeProto = /__proto__|\*/

/** Columns of rows as arrays. */
type LookedAt = Pick<Statement, 'integerColumns' | 'numberColumns'>

/** A statement prepared on one connection. */
export class Prepared {
  readonly readOnly: boolean
  readonly #statement: BetterSqlite.Statement<unknown[], Row>
  /** It answers with rows. */
  readonly #reader: boolean
  readonly #writes: boolean
  readonly #inserts: boolean
  /** What it inserts has a key that the driver tells. */
  readonly #tellsKey: boolean
  /** The driver assigns columns to rows, which loses one called `__proto__`: such rows are read as arrays and named here. */
  readonly #namedHere: boolean
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
    this.#tellsKey = this.#inserts && !this.#reader && !mayUpdate.test(text) && hasRowid(db, text)
    this.#namedHere = statement.reader && maybeProto.test(text) && namesOf(statement).includes('__proto__')
    this.readOnly = statement.readonly && !sessionStatements.has(verb)
    // What writes cannot be read a second time when an integer turns out too large for a number.
    if (this.#writes && (this.#reader || this.#inserts)) this.#readExactly()
  }

  run(params: readonly unknown[], rowMode: RowMode, firstOnly: boolean, columns: LookedAt = {}): Result<unknown> {
    const given = argumentsOf(params)
    if (!this.#reader) return this.#change(given)
    // A statement that writes is run to its end.
    const rows = this.#rows(given, rowMode, firstOnly && !this.#writes, columns)
    const changes = this.#writes ? rows.length : 0
    return { rows: this.#namedHere && rowMode === 'object' ? named(rows, namesOf(this.#statement)) : rows, changes }
  }

  *iterate(params: readonly unknown[], rowMode: RowMode, { numberColumns }: LookedAt = {}): Generator<unknown> {
    this.#setRowMode(rowMode)
    this.#readExactly()
    const names = this.#namedHere && rowMode === 'object' ? namesOf(this.#statement) : undefined
    for (const row of this.#statement.iterate(params)) {
      const narrow = narrowIntegers(row)
      if (numberColumns) assertNumbers(narrow, numberColumns)
      yield names ? toObject(narrow as unknown[], names) : narrow
    }
  }

  #change(params: readonly unknown[]): Result<unknown> {
    const { changes, lastInsertRowid } = this.#statement.run(...params)
    return this.#tellsKey && changes > 0 ? { rows: [], changes, lastInsertId: toInteger(lastInsertRowid) } : { rows: [], changes }
  }

  /** Plain numbers are read at full speed; the first integer they cannot hold turns the statement to exact reading. */
  #rows(params: readonly unknown[], rowMode: RowMode, firstOnly: boolean, { integerColumns, numberColumns }: LookedAt): Row[] {
    this.#setRowMode(rowMode)
    if (!this.#exact) {
      const rows = this.#read(params, firstOnly)
      if (!holdsRoundedInteger(rows, integerColumns)) return rows
      this.#readExactly()
    }
    const rows = this.#read(params, firstOnly)
    for (const row of rows) {
      narrowIntegers(row)
      if (numberColumns) assertNumbers(row, numberColumns)
    }
    return rows
  }

  #read(params: readonly unknown[], firstOnly: boolean): Row[] {
    if (!firstOnly) return this.#statement.all(...params)
    const row = this.#statement.get(...params)
    return row === undefined ? [] : [row]
  }

  #setRowMode(rowMode: RowMode): void {
    const asArrays = rowMode !== 'object' || this.#namedHere
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

/** Views and tables WITHOUT ROWID have none (SQLite, "ROWIDs and the INTEGER PRIMARY KEY"). */
function hasRowid(db: BetterSqlite.Database, text: string): boolean {
  const target = statementTarget(text)
  // Of tables with one name SQLite takes the temporary one, then that of the main database.
  const without = db.prepare(`select wr = 1 or type = 'view' from pragma_table_list
    where name = ? collate nocase and schema = coalesce(?, schema) collate nocase order by schema <> 'temp', schema <> 'main' limit 1`)
  return target === undefined || without.pluck().get(target.table, target.schema ?? null) !== 1
}

function namesOf(statement: BetterSqlite.Statement<unknown[], Row>): string[] {
  return statement.columns().map(({ name }) => name)
}

function named(rows: readonly Row[], names: readonly string[]): Row[] {
  return rows.map((row) => toObject(row as unknown[], names))
}

/** Of two columns with one name the last counts, as with the driver. */
function toObject(values: readonly unknown[], names: readonly string[]): Row {
  const row: Row = {}
  for (const [index, name] of names.entries())
    Object.defineProperty(row, name, { value: values[index], writable: true, enumerable: true, configurable: true })
  return row
}

function argumentsOf(params: readonly unknown[]): readonly unknown[] {
  return params.length > mostArguments ? [params] : params
}
