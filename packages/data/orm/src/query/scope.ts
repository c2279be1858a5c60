import { InvalidQueryError } from '../errors.ts'
import { columnsOfModel } from '../expressions/columns.ts'
import { Expression } from '../expressions/expression.ts'
import { fingerprint } from '../expressions/fingerprint.ts'
import { ValueSink } from '../expressions/value-sink.ts'
import type { ModelMeta } from '../meta/model-meta.ts'
import type { Op } from './op.ts'

/** The condition that every query of a model gets. Asked for each query: it may depend on who asks. */
export function scopeOp(meta: ModelMeta): Op {
  const made = meta.declaration.options.scope?.(columnsOfModel(meta) as never)
  if (!(made instanceof Expression))
    throw new InvalidQueryError(`The scope of ${meta.name} must return a condition, such as c => c.published.eq(true).`)
  const { node } = made
  const sink = new ValueSink()
  const token = `scope ${fingerprint(node, sink)}`
  return {
    token,
    values: sink.values,
    fold(state, base) {
      fingerprint(node, new ValueSink(state.slots, base))
      state.scope = node
    },
  }
}
