import { types } from 'node:util'
import { DatabaseError, type DatabaseErrorOptions } from './database-error.ts'

/** A consistency token was not made by `db.consistencyToken()`. */
export class InvalidConsistencyToken extends DatabaseError {
  constructor() {
    super('db/invalid-consistency-token', 'This is not a consistency token. Pass what db.consistencyToken() gave.', { statusCode: 400 })
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
      'The script left a transaction open, which was rolled back, or ended the one it ran in, of which stays what it committed. Wrap db.script in db.transaction instead.',
    )
  }
}

/** A stream that was not read to the end is ended when its connection is used for something else, or given back. */
export class StreamEndedError extends DatabaseError {
  constructor(options: DatabaseErrorOptions = {}) {
    super(
      'db/stream-ended',
      'The stream was ended before all of its rows were read, for its connection has something else to do. Read it to its end first, or take db.stream, which has a connection of its own.',
      options,
    )
  }
}

/** The work of `withConnection` ended the transaction it ran in. */
export class EndedTransactionError extends DatabaseError {
  constructor() {
    super(
      'db/ended-transaction',
      'The work of db.withConnection ended the transaction it ran in: what it committed stays, and nothing more can run there. Leave the end to db.transaction.',
    )
  }
}

/** A parameter has a value no column can hold. */
export class UnbindableValueError extends DatabaseError {
  constructor(position: number, what: string, advice: string) {
    super('db/unbindable-value', `Parameter ${position} is ${what}. ${advice}`)
  }

  /** For drivers: the error of a value that no engine takes. What one engine does not take has words of its driver's own. */
  static of(value: unknown, position: number): UnbindableValueError {
    const [what, advice] = problemOf(value)
    return new UnbindableValueError(position, what, advice)
  }
}

function problemOf(value: unknown): readonly [what: string, advice: string] {
  if (value === undefined) return ['undefined', 'Pass null for SQL NULL, or leave the column out.']
  if (types.isDate(value)) return ['an invalid Date', 'Check it before it is stored.']
  if (Array.isArray(value)) return ['an array', 'Use list() for `in (…)`, or JSON.stringify() to store it.']
  if (typeof value === 'object') return ['an object', 'Use JSON.stringify() to store it, or pass one of its members.']
  return [`a ${typeof value}`, 'Pass a value that can be stored.']
}

/** A stored or computed value has none in JavaScript: a date no Date can be, an integer beyond 2^53 where a number is read. */
export class UnrepresentableValueError extends DatabaseError {
  /** For drivers and codecs: `problem` names what is too much for what, `advice` how it can be read. Neither holds the value. */
  constructor(problem: string, advice: string) {
    super('db/unrepresentable-value', `${problem}. ${advice}`)
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
