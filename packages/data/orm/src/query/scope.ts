import { InvalidQueryError } from '../errors.ts'
import { columnsOfModel } from '../expressions/columns.ts'
import { Expression } from '../expressions/expression.ts'
import { fingerprint } from '../expressions/fingerprint.ts'
import type { Node } from '../expressions/node.ts'
import { ValueSink } from '../expressions/value-sink.ts'
import type { ModelMeta } from '../meta/model-meta.ts'
import type { Op } from './op.ts'
import type { QueryState } from './state.ts'

/** The condition that every query of a model gets. Asked for each query: it may depend on who asks. */
export function scopeOp(meta: ModelMeta): Op {
  const node = scopeOf(meta)
  const sink = new ValueSink()
  const token = `scope ${fingerprint(node, sink)}`
  return {
    token,
    values: sink.values,
    scoped: sink.scoped,
    fold(state, base) {
      fingerprint(node, new ValueSink(state.slots, base))
      state.scope = node
    },
  }
}

/**
 * The conditions of models whose rows a query reaches by relations: once each, and of what those reach themselves. A scope
 * that is being asked has none inside of itself.
 */
export class ScopesOp implements Op {
  readonly token: string
  readonly values: readonly unknown[]
  readonly #scopes = new Map<ModelMeta, Node | undefined>()

  constructor(models: readonly ModelMeta[], isKnown: (model: ModelMeta) => boolean) {
    const sink = new ValueSink()
    const tokens: string[] = []
    const wanted = new Set(models)
    for (const model of wanted) {
      const node = asked.includes(model) ? undefined : scopeOf(model)
      this.#scopes.set(model, node)
      tokens.push(`${model.id} ${node ? fingerprint(node, sink) : 'asked'}`)
      for (const next of sink.scoped ?? []) if (!isKnown(next)) wanted.add(next)
    }
    this.token = `scopes ${tokens.join('; ')}`
    this.values = sink.values
  }

  has(model: ModelMeta): boolean {
    return this.#scopes.has(model)
  }

  fold(state: QueryState, base: number): void {
    const positions = new ValueSink(state.slots, base)
    for (const [model, node] of this.#scopes) {
      if (node) fingerprint(node, positions)
      state.scopes.set(model, node)
    }
  }
}

/** The models whose scopes are being asked, outermost first. */
const asked: ModelMeta[] = []

function scopeOf(meta: ModelMeta): Node {
  const made = askScope(meta)
  if (!(made instanceof Expression))
    throw new InvalidQueryError(`The scope of ${meta.name} must return a condition, such as c => c.published.eq(true).`)
  return made.node
}

function askScope(meta: ModelMeta): unknown {
  asked.push(meta)
  try {
    return meta.declaration.options.scope?.(columnsOfModel(meta) as never)
  } finally {
    asked.pop()
  }
}
