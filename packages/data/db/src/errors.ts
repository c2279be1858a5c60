import { CovetError } from '@covet/core'

export interface DatabaseErrorOptions {
  /** The driver's own error. */
  cause?: unknown
  /** The SQL text, without parameters. Never part of the message. */
  statement?: string | undefined
  /** Whether running the whole transaction again may succeed. */
  retryable?: boolean
  statusCode?: number
}

/** The base of every error of a database. Its message holds neither SQL nor values. */
export class DatabaseError extends CovetError {
  /** Whether running the whole transaction again may succeed; `retry` runs again after these only. */
  readonly retryable: boolean
  /** The SQL text, without parameters, for the log. */
  readonly statement?: string

  constructor(code: string, message: string, { cause, statement, retryable = false, statusCode = 500 }: DatabaseErrorOptions = {}) {
    super(code, message, { cause, statusCode, ...(statusCode === 503 && { headers: { 'retry-after': '1' } }) })
    this.retryable = retryable
    if (statement !== undefined) this.statement = statement
  }
}

/** The engine refused the statement for a reason without a class of its own, a syntax error among them. */
export class QueryFailed extends DatabaseError {
  constructor(reason: string, options: DatabaseErrorOptions = {}) {
    super('db/query-failed', `The database refused the statement: ${reason}.`, options)
  }
}

export interface ConstraintFacts extends DatabaseErrorOptions {
  constraint?: string | undefined
  table?: string | undefined
  columns?: readonly string[]
}

/** The base of the violations. What the engine does not tell is undefined, or an empty list of columns. */
export class ConstraintViolation extends DatabaseError {
  readonly constraint: string | undefined
  readonly table: string | undefined
  readonly columns: readonly string[]

  constructor(code: string, message: string, { constraint, table, columns = [], ...options }: ConstraintFacts) {
    super(code, message, options)
    this.constraint = constraint
    this.table = table
    this.columns = columns
  }
}

/** A row with these values exists. Answers 409: two clients wanted the same thing. */
export class UniqueViolation extends ConstraintViolation {
  constructor(facts: ConstraintFacts = {}) {
    super('db/unique-violation', 'Something with the same value exists already.', { statusCode: 409, ...facts })
  }
}

/** A row refers to one that does not exist, or one that is referred to was to be removed. Answers 409. */
export class ForeignKeyViolation extends ConstraintViolation {
  constructor(facts: ConstraintFacts = {}) {
    super('db/foreign-key-violation', 'This refers to something that does not exist, or something still refers to it.', {
      statusCode: 409,
      ...facts,
    })
  }
}

/** A column that must have a value got none. */
export class NotNullViolation extends ConstraintViolation {
  constructor(facts: ConstraintFacts = {}) {
    super(
      'db/not-null-violation',
      'A column that must have a value got none. Give it one, or validate the input before it is stored.',
      facts,
    )
  }
}

/** A row does not satisfy a check of its table, the type of a column included. */
export class CheckViolation extends ConstraintViolation {
  constructor(facts: ConstraintFacts = {}) {
    super('db/check-violation', 'A row does not satisfy a check of its table. Validate the input before it is stored.', facts)
  }
}

/** The engine chose this transaction to end a deadlock. */
export class Deadlock extends DatabaseError {
  constructor(options: DatabaseErrorOptions = {}) {
    super('db/deadlock', 'The transaction was ended to resolve a deadlock. Run it again, or give it `retry`.', {
      statusCode: 503,
      retryable: true,
      ...options,
    })
  }
}

/** Another transaction changed what this one had read. */
export class SerializationFailure extends DatabaseError {
  constructor(options: DatabaseErrorOptions = {}) {
    super('db/serialization-failure', 'Another transaction changed what this one had read. Run it again, or give it `retry`.', {
      statusCode: 503,
      retryable: true,
      ...options,
    })
  }
}

/** A lock held by somebody else was not released in time. */
export class LockTimeout extends DatabaseError {
  constructor(options: DatabaseErrorOptions = {}) {
    super('db/lock-timeout', 'A lock was not released in time. Shorten the transactions that hold it, or wait longer.', {
      statusCode: 503,
      ...options,
    })
  }
}

/** The statement ran longer than its limit. */
export class StatementTimeout extends DatabaseError {
  constructor(options: DatabaseErrorOptions = {}) {
    super('db/statement-timeout', 'The statement ran longer than its limit. Make it cheaper, or raise the limit.', {
      statusCode: 503,
      ...options,
    })
  }
}

/** The connection ended before the answer came. */
export class ConnectionLost extends DatabaseError {
  constructor(options: DatabaseErrorOptions = {}) {
    super(
      'db/connection-lost',
      'The connection to the database ended before the answer came. What it was doing outside a commit did not happen.',
      { statusCode: 503, ...options },
    )
  }
}

/** The database could not be opened or reached. */
export class ConnectionFailedError extends DatabaseError {
  constructor(reason: string, options: DatabaseErrorOptions = {}) {
    super('db/connection-failed', `The database could not be opened: ${reason}.`, { statusCode: 503, ...options })
  }
}

/** The connection ended during COMMIT: whether the transaction happened is not known. Never retried by `db`. */
export class CommitUnknown extends DatabaseError {
  constructor(options: DatabaseErrorOptions = {}) {
    super(
      'db/commit-unknown',
      'The connection ended during COMMIT, so whether the transaction happened is not known. Look before doing it again.',
      options,
    )
  }
}

/** The engine rolled the transaction back, though the callback returned normally: nothing of it was saved. */
export class TransactionAborted extends DatabaseError {
  constructor(options: DatabaseErrorOptions = {}) {
    super(
      'db/transaction-aborted',
      'The database rolled this transaction back after an error in it; nothing of it was saved. Do not continue after an error inside a transaction.',
      options,
    )
  }
}

/** A query came after its transaction had ended. */
export class TransactionClosed extends DatabaseError {
  constructor(options: DatabaseErrorOptions = {}) {
    super(
      'db/transaction-closed',
      'This query belongs to a transaction that has ended. Await every query inside the callback; what follows the commit belongs into db.afterCommit or db.detached.',
      options,
    )
  }
}

/** A transaction begun with `readOnly` tried to write. */
export class ReadOnlyTransactionError extends DatabaseError {
  constructor(options: DatabaseErrorOptions = {}) {
    super('db/read-only-transaction', 'A read-only transaction tried to write. Begin it without `readOnly`.', options)
  }
}

/** The database does not accept writes: a replica, or a file without write permission. */
export class ReadOnlyNode extends DatabaseError {
  constructor(options: DatabaseErrorOptions = {}) {
    super(
      'db/read-only-node',
      'The database does not accept writes. Check that it is the primary, or that its file and folder are writable.',
      { statusCode: 503, ...options },
    )
  }
}

/** No connection became free in time. */
export class PoolTimeout extends DatabaseError {
  constructor(
    waitedMs: number,
    { role, max, total, idle, waiting }: { role: string; max: number; total: number; idle: number; waiting: number },
  ) {
    super(
      'db/pool-timeout',
      `No ${role} connection became free within ${waitedMs} ms (max ${max}, total ${total}, idle ${idle}, waiting ${waiting}). Shorten the transactions that hold them, or raise the limit.`,
      { statusCode: 503 },
    )
  }
}

/** The wait for a parallel query or nested transaction of the same transaction took too long. */
export class TransactionBusyError extends DatabaseError {
  constructor(waitedMs: number) {
    super(
      'db/transaction-busy',
      `Other work of the same transaction did not end within ${waitedMs} ms. A nested transaction must not wait for a query started outside it.`,
    )
  }
}

/** `detached` asked for a connection that only the transaction around it can give back. */
export class DetachedDeadlockError extends DatabaseError {
  constructor(role: string) {
    super(
      'db/detached-deadlock',
      `db.detached needs a ${role} connection, and the transaction around it holds the last one: they would wait for each other. Use db.afterCommit, or do it before the transaction.`,
    )
  }
}

/** The database is closed or closing. */
export class DatabaseClosedError extends DatabaseError {
  constructor() {
    super('db/closed', 'The database is closed.', { statusCode: 503 })
  }
}

/** BEGIN, COMMIT, SAVEPOINT and their kind were sent as a statement. */
export class TransactionControlError extends DatabaseError {
  constructor(keyword: string) {
    super(
      'db/transaction-control',
      `${keyword.toUpperCase()} cannot be sent as a statement, the connection it would act on is shared. Use db.transaction(() => …).`,
    )
  }
}

/** A script began a transaction and did not end it, or ended the one it ran in. */
export class UnbalancedScriptError extends DatabaseError {
  constructor() {
    super(
      'db/unbalanced-script',
      'The script left a transaction open, or ended the one it ran in; it was rolled back. Wrap db.script in db.transaction instead.',
    )
  }
}

/** A parameter has a value no column can hold. */
export class UnbindableValueError extends DatabaseError {
  constructor(position: number, what: string, advice: string) {
    super('db/unbindable-value', `Parameter ${position} is ${what}. ${advice}`)
  }
}

/** A list in SQL has at least one element. */
export class EmptyListError extends DatabaseError {
  constructor(helper: string) {
    super('db/empty-list', `${helper}() was given nothing, which SQL cannot express. Decide before the query what no values mean.`)
  }
}

/** Rows for one INSERT do not have the same columns. */
export class UnevenRowsError extends DatabaseError {
  constructor(position: number) {
    super(
      'db/uneven-rows',
      `Row ${position} of values() has other columns than the first. Name the columns as the second argument, and give each row all of them.`,
    )
  }
}

/** `db.sql` was called like a function. */
export class NotATemplateError extends DatabaseError {
  constructor() {
    super(
      'db/not-a-template',
      'db.sql and fragment are template tags: write db.sql`select … ${value}`, so that every value is a parameter.',
    )
  }
}

/** No connection has this name. */
export class UnknownConnectionError extends DatabaseError {
  constructor(name: string, known: readonly string[]) {
    super('db/unknown-connection', `No connection is named '${name}'. There are: ${known.join(', ')}.`)
  }
}

/** An option has a value that means nothing. */
export class InvalidDatabaseOptionError extends DatabaseError {
  constructor(option: string, value: unknown, expected: string) {
    super('db/invalid-option', `\`${option}\` is ${String(value)}, but must be ${expected}.`)
  }
}

/** kysely's own transactions would not be seen by other queries. */
export class KyselyTransactionError extends DatabaseError {
  constructor() {
    super(
      'db/kysely-transaction',
      'db.kysely() takes part in the ambient transaction and begins none itself. Use db.transaction(() => …) around its queries.',
    )
  }
}
