import type BetterSqlite from 'better-sqlite3'
import { DatabaseError, errors } from '@covet/db'
import { type Asked, checkFacts, foreignKeyFacts, notNullFacts, typeFacts, uniqueFacts } from './violations/facts.ts'

export interface Circumstances {
  readonly statement?: string
  /** Whether the connection may only read. */
  readonly readOnly: boolean
  /** Where to look for what the message of a violation leaves out. */
  readonly db?: BetterSqlite.Database
}

interface Failure {
  readonly cause: unknown
  readonly statement: string | undefined
}

interface Around extends Asked {
  readonly readOnly: boolean
}

type Mapper = (options: Failure, message: string, around: Around) => DatabaseError

const restricted = 'FOREIGN KEY constraint failed'

/** By result code, the longest prefix first: SQLite refines its codes with further words. */
const mappers: readonly (readonly [prefix: string, mapper: Mapper])[] = [
  ['SQLITE_BUSY_SNAPSHOT', (options) => new errors.SerializationFailure(options)],
  ['SQLITE_BUSY', (options) => new errors.LockTimeout({ ...options, retryable: true })],
  ['SQLITE_LOCKED', (options) => new errors.LockTimeout({ ...options, retryable: true })],
  ['SQLITE_CONSTRAINT_UNIQUE', uniqueViolation],
  ['SQLITE_CONSTRAINT_PRIMARYKEY', uniqueViolation],
  ['SQLITE_CONSTRAINT_ROWID', uniqueViolation],
  ['SQLITE_CONSTRAINT_NOTNULL', (options, message) => new errors.NotNullViolation({ ...options, ...notNullFacts(message) })],
  ['SQLITE_CONSTRAINT_FOREIGNKEY', foreignKeyViolation],
  // A restricting foreign key is a trigger inside the engine; its message is the engine's own, with nothing beside it.
  [
    'SQLITE_CONSTRAINT_TRIGGER',
    (options, message, asked) =>
      message === restricted ? foreignKeyViolation(options, message, asked) : new errors.CheckViolation(options),
  ],
  ['SQLITE_CONSTRAINT_DATATYPE', (options, message) => new errors.CheckViolation({ ...options, ...typeFacts(message) })],
  ['SQLITE_CONSTRAINT_CHECK', (options, message, asked) => new errors.CheckViolation({ ...options, ...checkFacts(message, asked) })],
  ['SQLITE_CONSTRAINT', (options) => new errors.CheckViolation(options)],
  [
    'SQLITE_READONLY',
    (options, _, { readOnly }) => (readOnly ? new errors.ReadOnlyTransactionError(options) : new errors.ReadOnlyNode(options)),
  ],
]

/** The error of the taxonomy for one of the driver. */
export function mapError(error: unknown, { statement, readOnly, db }: Circumstances): DatabaseError {
  if (error instanceof DatabaseError) return error
  const { code, message } = factsOf(error)
  const options = { cause: error, statement }
  const found = mappers.find(([prefix]) => code.startsWith(prefix))
  if (found) return found[1](options, message, { statement, readOnly, db })
  // Of what the driver itself refuses, this alone is about the connection and not about the statement.
  if (message.includes('connection is not open')) return new errors.ConnectionLost(options)
  if (message.includes('more than one statement')) return new errors.QueryFailed('it holds more than one statement; use db.script', options)
  return new errors.QueryFailed(message.replace(/\.$/, ''), options)
}

/** The driver's result code, as `SQLITE_BUSY`, or an empty text. */
export function codeOf(error: unknown): string {
  return factsOf(error).code
}

export function messageOf(error: unknown): string {
  return factsOf(error).message
}

/** Without `instanceof`: the native part of the driver makes its errors in the realm that loaded it first. */
function factsOf(error: unknown): { code: string; message: string } {
  if (typeof error !== 'object' || error === null || !('message' in error)) return { code: '', message: String(error) }
  return { code: 'code' in error && typeof error.code === 'string' ? error.code : '', message: String(error.message) }
}

function uniqueViolation(options: Failure, message: string, asked: Asked): DatabaseError {
  return new errors.UniqueViolation({ ...options, ...uniqueFacts(message, asked) })
}

function foreignKeyViolation(options: Failure, _: string, asked: Asked): DatabaseError {
  return new errors.ForeignKeyViolation({ ...options, ...foreignKeyFacts(asked) })
}
