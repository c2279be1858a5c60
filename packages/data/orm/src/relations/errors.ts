import { OrmError } from '../errors.ts'

/** A relation was declared with an argument that means nothing. */
export class InvalidRelationError extends OrmError {
  constructor(call: string, problem: string) {
    super('orm/invalid-relation', `${call}: ${problem}`)
  }
}
