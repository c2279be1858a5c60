import { and, type Expression, not } from './expressions/expression.ts'
import { metaOf } from './meta/registry.ts'
import { Chain } from './query/chain.ts'
import { keyMembers, keyOf } from './query/key.ts'
import { Query } from './query/query.ts'
import type { Lookup } from './validation/rules.ts'
import { createValidate, type Validate } from './validation/validate.ts'

const lookup: Lookup = {
  columnsOf: (model) => metaOf(model).columns,
  exists(model, column, value, except) {
    const meta = metaOf(model)
    const query = new Query(Chain.of(meta)).where(column, value)
    if (except === undefined) return query.exists()
    const members = Object.entries(keyMembers(meta, except instanceof meta.model ? keyOf(meta, except) : except))
    return query
      .where((columns: Readonly<Record<string, Expression>>) => not(and(...members.map(([name, key]) => isEqual(columns, name, key)))))
      .exists()
  },
}

/**
 * Checks a value against a model, and by rules against the database: `await validate(User, 'create', request.body, {
 * email: unique(User, 'email') })`.
 * @throws {ValidationError} with every issue, answered as a problem of validation
 */
export const validate: Validate = createValidate(lookup)

function isEqual(columns: Readonly<Record<string, Expression>>, name: string, key: unknown): Expression {
  const column = columns[name]
  return column ? column.eq(key) : and()
}
