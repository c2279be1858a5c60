import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import { errors, resolveConnectionOptions } from '../../src/index.ts'
import type {
  BeginOptions,
  Connection,
  ConnectionDefinition,
  ConnectionOptions,
  Driver,
  MaybePromise,
  Result,
  Role,
  Statement,
} from '../../src/index.ts'

/** Replaces calls of a connection; what a fault does not replace goes to the engine. */
export type Faults = Partial<Pick<Connection, 'begin' | 'close' | 'commit' | 'execute' | 'rollback' | 'rollbackTo' | 'stream'>>

export interface NodeSqliteOptions extends ConnectionOptions {
  limits?: Partial<Driver['limits']>
  /** Known to run in this process: no breaker, no ageing. @default false */
  embedded?: boolean
  /** Answers later, as a driver over a network does. */
  asynchronous?: boolean
  file?: string
  faults?: (role: Role) => Faults
  connecting?: (role: Role) => MaybePromise<void>
}

class Adapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true
  }
}

/** A real engine for the tests of `db`, which cannot use the packages that depend on it: SQLite as built into Node. */
export function nodeSqlite({
  limits = {},
  asynchronous = false,
  embedded = false,
  file = ':memory:',
  faults,
  connecting,
  ...options
}: NodeSqliteOptions = {}): ConnectionDefinition {
  async function connect(role: Role): Promise<Connection> {
    await connecting?.(role)
    const connection = new NodeSqliteConnection(file, role, asynchronous)
    return Object.assign(connection, faults?.(role))
  }

  const driver: Driver = {
    dialect: 'sqlite',
    embedded,
    ...(limits.stream !== 0 && limits.stream !== undefined && { streamRole: 'stream' as const }),
    limits: { writer: 1, reader: 0, stream: 0, ...limits },
    defaultIsolation: 'serializable',
    healthQuery: 'select count(*) from sqlite_schema',
    placeholder: (position) => `?${position}`,
    quoteIdentifier: (name) => `"${name.replaceAll('"', '""')}"`,
    nodes: [{ name: file, role: 'primary', weight: 1, connect }],
    kysely: {
      createAdapter: () => new Adapter(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  }
  return { connection: { driver, options: resolveConnectionOptions(options) } }
}

/** A file of its own with readers beside the writer. */
export function fileDatabase(options: NodeSqliteOptions = {}): { definition: ConnectionDefinition; remove: () => Promise<void> } {
  const folder = mkdtempSync(join(tmpdir(), 'covet-db-'))
  const definition = nodeSqlite({ limits: { reader: 2, stream: 1 }, file: join(folder, 'test.db'), ...options })
  return { definition, remove: async () => rmSync(folder, { recursive: true }) }
}

const control = /^(?:[\s;]|--[^\n]*\n|\/\*.*?\*\/)*(begin|commit|rollback|savepoint|release)/i

class NodeSqliteConnection implements Connection {
  readonly server = { product: 'SQLite', version: [3, 0, 0] } as const
  readonly #db: DatabaseSync
  readonly #role: Role
  readonly #asynchronous: boolean
  #readOnly = false

  constructor(file: string, role: Role, asynchronous: boolean) {
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
    yield* this.#db.prepare(text).iterate(...(params as SQLInputValue[]))
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
    statement.setReturnArrays(rowMode === 'array')
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
        throw toDatabaseError(error, statement)
      }
    }
    return this.#asynchronous ? turn().then(attempt) : attempt()
  }
}

function toDatabaseError(error: unknown, statement: string | undefined): Error {
  if (error instanceof errors.DatabaseError) return error
  const { message } = error as Error
  const [, kind, facts = ''] = /^(\w[\w ]*) constraint failed:? ?(.*)$/.exec(message) ?? []
  const [table, column] = facts.split('.')
  const options = { cause: error, statement, table, columns: column === undefined ? [] : [column] }
  if (kind === 'UNIQUE') return new errors.UniqueViolation(options)
  if (kind === 'NOT NULL') return new errors.NotNullViolation(options)
  if (kind === 'FOREIGN KEY') return new errors.ForeignKeyViolation({ cause: error, statement })
  if (kind === 'CHECK') return new errors.CheckViolation({ cause: error, statement, constraint: facts })
  if (/readonly/.test(message)) return new errors.ReadOnlyTransactionError({ cause: error, statement })
  if (/not open/.test(message)) return new errors.ConnectionLost({ cause: error, statement })
  return new errors.QueryFailed(message, { cause: error, statement })
}
