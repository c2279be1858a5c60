import { CovetError } from '@covet/core'
import { DatabaseError, errors } from '@covet/db'

/** An option of `postgres()`, or a part of its URL, has a value that means nothing. */
export class InvalidPostgresOptionError extends CovetError {
  /** `shown` is the value as it may be printed: never a password, never a whole URL. */
  constructor(option: string, shown: string, expected: string) {
    super('postgres/invalid-option', `postgres(): \`${option}\` is ${shown}, but must be ${expected}.`)
  }
}

/** The protocol counts the parameters of one statement in 16 bits. */
export class TooManyParametersError extends DatabaseError {
  constructor(count: number) {
    super(
      'postgres/too-many-parameters',
      `The statement has ${count} parameters, PostgreSQL takes 65535. Send fewer rows at once, or pass arrays: unnest($1::integer[]).`,
    )
  }
}

/** A statement would have left something in a session that a pooler in transaction mode gives to others. It was not sent. */
export class PoolerSessionError extends DatabaseError {
  constructor(statement: string) {
    super(
      'postgres/pooler-session',
      'The statement would change its session for longer than a transaction, and behind a pooler in transaction mode that is ' +
        "somebody else's next. It was not sent. Use `set local` or set_config(…, true), `pg_advisory_xact_lock` and temporary tables " +
        'with `on commit drop`, all inside of a transaction; for LISTEN and what else has to stay, connect past the pooler.',
      { statement },
    )
  }
}

/** A row that an exclusion constraint does not allow beside this one exists: two bookings of one room. Answers 409. */
export class ExclusionViolation extends errors.ConstraintViolation {
  constructor(facts: errors.ConstraintFacts = {}) {
    super('postgres/exclusion-violation', 'Something that excludes this exists already.', { statusCode: 409, ...facts })
  }
}
