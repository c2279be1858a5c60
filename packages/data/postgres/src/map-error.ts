import { DatabaseError, errors } from '@covet/db'
import { ExclusionViolation } from './errors.ts'

export interface Circumstances {
  readonly statement: string | undefined
  /** Whether the transaction was begun for reading only. */
  readonly readOnly: boolean
}

/** What the server says of an error; what it does not say is undefined. */
interface ServerError {
  readonly code: string
  readonly message: string
  readonly detail?: string | undefined
  readonly table?: string | undefined
  readonly column?: string | undefined
  readonly constraint?: string | undefined
}

type Options = { cause: unknown; statement: string | undefined }
type Mapper = (options: Options, error: ServerError, circumstances: Circumstances) => DatabaseError

/** By SQLSTATE, the code before its class. */
const mappers: Readonly<Record<string, Mapper>> = {
  '23505': (options, error) => new errors.UniqueViolation({ ...options, ...constraintOf(error) }),
  '23503': (options, error) => new errors.ForeignKeyViolation({ ...options, ...foreignKeyOf(error) }),
  '23001': (options, error) => new errors.ForeignKeyViolation({ ...options, ...foreignKeyOf(error) }), // `restrict`, from PostgreSQL 18
  '23502': (options, error) => new errors.NotNullViolation({ ...options, ...constraintOf(error) }),
  '23514': (options, error) => new errors.CheckViolation({ ...options, ...constraintOf(error) }),
  '23P01': (options, error) => new ExclusionViolation({ ...options, ...constraintOf(error) }),
  '40001': (options) => new errors.SerializationFailure(options),
  '40P01': (options) => new errors.Deadlock(options),
  '55P03': (options) => new errors.LockTimeout(options),
  '57014': (options) => new errors.StatementTimeout(options),
  '25006': (options, _, { readOnly }) => (readOnly ? new errors.ReadOnlyTransactionError(options) : new errors.ReadOnlyNode(options)),
  '25P02': (options) => new errors.TransactionAborted(options), // a statement failed before this one
  '25P03': (options) => new errors.ConnectionLost(options), // idle in transaction for too long
  '25P04': (options) => new errors.ConnectionLost(options), // transaction_timeout
  '57P01': (options) => new errors.ConnectionLost(options), // terminated by an administrator
  '57P02': (options) => new errors.ConnectionLost(options), // another backend crashed
  '57P04': (options) => new errors.ConnectionLost(options), // database dropped
  '57P05': (options) => new errors.ConnectionLost(options), // idle for too long
  '08P01': (options, error) => new errors.QueryFailed(reasonOf(error), options), // as many parameters as placeholders, please
  '08': (options) => new errors.ConnectionLost(options),
}

/** The error of the taxonomy for one that came over a connection which stays open, or for its loss. */
export function mapError(error: unknown, circumstances: Circumstances): DatabaseError {
  if (error instanceof DatabaseError) return error
  const options: Options = { cause: error, statement: circumstances.statement }
  const server = serverErrorOf(error)
  // Without a code of the server's it is the socket that failed, or pg that refused because it had failed before.
  if (!server) return new errors.ConnectionLost(options)
  const mapper = mappers[server.code] ?? mappers[server.code.slice(0, 2)]
  if (mapper) return mapper(options, server, circumstances)
  return new errors.QueryFailed(queryReason(server), options)
}

/** The SQLSTATE of an error of the server, else an empty text. */
export function sqlStateOf(error: unknown): string {
  return serverErrorOf(error)?.code ?? ''
}

/** By what they have, not by class: the same package loaded twice has two. */
function serverErrorOf(error: unknown): ServerError | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error) || !('severity' in error)) return undefined
  return typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code) ? (error as unknown as ServerError) : undefined
}

function queryReason(error: ServerError): string {
  if (error.code === '42601' && error.message.includes('multiple commands')) return 'it holds more than one statement; use db.script'
  return reasonOf(error)
}

/** The messages of some codes quote the value that was refused, which may be anybody's. */
function reasonOf({ code, message }: ServerError): string {
  const reason = code.startsWith('22') ? message.replace(/: "[\s\S]*"$/, '').replace(/^value "[\s\S]*" is/, 'a value is') : message
  return `${reason.replace(/\.$/, '')} (${code})`
}

function constraintOf({ constraint, table, column, detail }: ServerError): { constraint?: string; table?: string; columns: string[] } {
  const columns = column === undefined ? keyColumns(detail) : [column]
  return { ...(constraint !== undefined && { constraint }), ...(table !== undefined && { table }), columns }
}

/** The detail is about the key of the table that was written: the child's when the other row is not there, else the parent's. */
function foreignKeyOf(error: ServerError): ReturnType<typeof constraintOf> {
  const isOfChild = / is not present in table "(?:[^"]|"")*"\.$/.test(error.detail ?? '')
  return constraintOf(isOfChild ? error : { ...error, detail: undefined })
}

/** From `Key (a, "b c")=(1, 2) already exists.`; of an index over expressions, nothing. The values are not looked at. */
function keyColumns(detail: string | undefined): string[] {
  const key = /^[^(]*\((.*?)\)=\(/.exec(detail ?? '')?.[1]
  if (key === undefined || !/^(?:"(?:[^"]|"")+"|[^"(),\s]+)(?:, (?:"(?:[^"]|"")+"|[^"(),\s]+))*$/.test(key)) return []
  return Array.from(key.matchAll(/"((?:[^"]|"")+)"|[^",\s]+/g), ([word, quoted]) => quoted?.replaceAll('""', '"') ?? word)
}
