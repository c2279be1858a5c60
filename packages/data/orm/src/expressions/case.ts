import { Expression } from './expression.ts'
import { operand } from './conditions.ts'
import type { Node, ValueType } from './node.ts'
import { nodeOf } from './parts.ts'
import { chosenType } from './type-of-node.ts'
import { typeOfValue } from './type-of-value.ts'

interface Branch {
  readonly when: Node
  readonly value: Node
}

/** A choice between values; null where no condition holds and nothing is said for that. */
export class Case extends Expression {
  readonly #branches: readonly Branch[]

  constructor(branches: readonly Branch[], type: ValueType) {
    const values = branches.map(({ value }) => value)
    super({ kind: 'case', branches, otherwise: undefined }, { ...chosenType(type, values), nullable: true })
    this.#branches = branches
  }

  when(condition: unknown, then: unknown): Case {
    return new Case([...this.#branches, { when: nodeOf(condition, 'when()'), value: operand(then, this.type, 'when()') }], this.type)
  }

  else(value: unknown): Expression {
    const otherwise = operand(value, this.type, 'else()')
    return new Expression({ kind: 'case', branches: this.#branches, otherwise }, chosenType(this.type, [otherwise]))
  }
}

/** `caseWhen(c.views.gt(100), 'popular').when(…).else('quiet')`. The first value says what type all have. */
export function caseWhen(condition: unknown, then: unknown): Case {
  const type = then instanceof Expression ? then.type : typeOfValue(then)
  return new Case([{ when: nodeOf(condition, 'caseWhen()'), value: operand(then, type, 'caseWhen()') }], type)
}
