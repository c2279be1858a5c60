import { DatabaseError, type DatabaseErrorOptions } from './database-error.ts'

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

/** The base of the violations. What is not certain is undefined, or an empty list of columns. */
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

/** A table changed while a statement prepared for its old shape was in use inside a transaction, which is lost by it. */
export class SchemaChanged extends DatabaseError {
  constructor(options: DatabaseErrorOptions = {}) {
    super('db/schema-changed', 'A table changed under this transaction, which was rolled back. Run it again, or give it `retry`.', {
      statusCode: 503,
      retryable: true,
      ...options,
    })
  }
}

/** A statement that makes the engine commit was sent inside a transaction. */
export class ImplicitCommit extends DatabaseError {
  constructor(keyword: string, options: DatabaseErrorOptions = {}) {
    super(
      'db/implicit-commit',
      `${keyword.toUpperCase()} commits on this engine, savepoints included, and was refused inside a transaction. Run it outside of db.transaction.`,
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
