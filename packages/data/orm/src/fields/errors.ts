import { OrmError } from '../errors.ts'

/** A field was declared with an argument that means nothing. */
export class InvalidFieldError extends OrmError {
  constructor(call: string, problem: string) {
    super('orm/invalid-field', `${call}: ${problem}`)
  }
}
