import { InvalidQueryError } from '../errors.ts'
import type { Expression } from './expression.ts'

/** An expression with the direction rows are ordered by it. */
export class Ordered {
  readonly expression: Expression
  readonly direction: 'asc' | 'desc'
  readonly nulls: 'first' | 'last'

  constructor(expression: Expression, direction: unknown = 'asc', nulls: unknown = 'last') {
    if (direction !== 'asc' && direction !== 'desc') {
      throw new InvalidQueryError(`The direction of an order is 'asc' or 'desc', not ${JSON.stringify(direction)}.`, { statusCode: 400 })
    }
    if (nulls !== 'first' && nulls !== 'last')
      throw new InvalidQueryError(`nulls of an order is 'first' or 'last', not ${JSON.stringify(nulls)}.`, { statusCode: 400 })
    this.expression = expression
    this.direction = direction
    this.nulls = nulls
  }
}
