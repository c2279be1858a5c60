import { DatabaseError, errors } from '@covet/db'

export interface Circumstances {
  readonly statement?: string
  /** Whether the connection may only read. */
  readonly readOnly: boolean
}

type Mapper = (options: { cause: unknown; statement: string | undefined }, message: string, readOnly: boolean) => DatabaseError

const restricted = 'FOREIGN KEY constraint failed'

/** By result code, the longest prefix first: SQLite refines its codes with further words. */
const mappers: readonly (readonly [prefix: string, mapper: Mapper])[] = [
  ['SQLITE_BUSY_SNAPSHOT', (options) => new errors.SerializationFailure(options)],
  ['SQLITE_BUSY', (options) => new errors.LockTimeout({ ...options, retryable: true })],
  ['SQLITE_LOCKED', (options) => new errors.LockTimeout({ ...options, retryable: true })],
  ['SQLITE_CONSTRAINT_UNIQUE', (options, message) => new errors.UniqueViolation({ ...options, ...columnsIn(message) })],
  ['SQLITE_CONSTRAINT_PRIMARYKEY', (options, message) => new errors.UniqueViolation({ ...options, ...columnsIn(message) })],
  ['SQLITE_CONSTRAINT_ROWID', (options, message) => new errors.UniqueViolation({ ...options, ...columnsIn(message) })],
  ['SQLITE_CONSTRAINT_NOTNULL', (options, message) => new errors.NotNullViolation({ ...options, ...columnsIn(message) })],
  ['SQLITE_CONSTRAINT_FOREIGNKEY', (options) => new errors.ForeignKeyViolation(options)],
  // A restricting foreign key is a trigger inside the engine; its message is the engine's own, with nothing beside it.
  [
    'SQLITE_CONSTRAINT_TRIGGER',
    (options, message) => (message === restricted ? new errors.ForeignKeyViolation(options) : new errors.CheckViolation(options)),
  ],
  ['SQLITE_CONSTRAINT_DATATYPE', (options, message) => new errors.CheckViolation({ ...options, ...columnOfType(message) })],
  ['SQLITE_CONSTRAINT_CHECK', (options, message) => new errors.CheckViolation({ ...options, constraint: afterColon(message) })],
  ['SQLITE_CONSTRAINT', (options) => new errors.CheckViolation(options)],
  [
    'SQLITE_READONLY',
    (options, _, readOnly) => (readOnly ? new errors.ReadOnlyTransactionError(options) : new errors.ReadOnlyNode(options)),
  ],
]

/** The error of the taxonomy for one of the driver. */
export function mapError(error: unknown, { statement, readOnly }: Circumstances): DatabaseError {
  if (error instanceof DatabaseError) return error
  const { code, message } = factsOf(error)
  const options = { cause: error, statement }
  const found = mappers.find(([prefix]) => code.startsWith(prefix))
  if (found) return found[1](options, message, readOnly)
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

function afterColon(message: string): string {
  return message.slice(message.indexOf(': ') + 2)
}

/** From `UNIQUE constraint failed: posts.a, posts.b`, or `…: index 'name'` of an index over an expression. */
function columnsIn(message: string): { constraint?: string; table?: string; columns?: string[] } {
  const failed = afterColon(message)
  const index = /^index '(.+)'$/.exec(failed)?.[1]
  if (index !== undefined) return { constraint: index }
  const paths = failed.split(', ').map((path) => path.split('.'))
  const table = paths[0]?.[0]
  return { ...(table !== undefined && { table }), columns: paths.map((path) => path.slice(1).join('.')) }
}

/** From `cannot store TEXT value in INTEGER column posts.views` of a STRICT table. */
function columnOfType(message: string): { table?: string; columns?: string[] } {
  const [, table, column] = /column ([^.]+)\.(.+)$/.exec(message) ?? []
  return table !== undefined && column !== undefined ? { table, columns: [column] } : {}
}
