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

/** A row that an exclusion constraint does not allow beside this one exists: two bookings of one room. Answers 409. */
export class ExclusionViolation extends errors.ConstraintViolation {
  constructor(facts: errors.ConstraintFacts = {}) {
    super('postgres/exclusion-violation', 'Something that excludes this exists already.', { statusCode: 409, ...facts })
  }
}
