import { InvalidQueryError } from '../errors.ts'
import { callWithColumns } from '../expressions/callback.ts'
import { Expression } from '../expressions/expression.ts'
import { outputFingerprint } from '../expressions/fingerprint.ts'
import { rootOf } from '../expressions/source.ts'
import { ValueSink } from '../expressions/value-sink.ts'
import type { ModelMeta } from '../meta/model-meta.ts'
import type { Op } from './op.ts'
import { plainOp } from './ops.ts'
import type { QueryState, Selected } from './state.ts'

const forbidden: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/** The arguments of `select`: names of columns, or a function that names expressions. */
export function selectedOf(meta: ModelMeta, args: readonly unknown[], where: string): readonly Selected[] {
  const [first] = args
  const selected =
    typeof first === 'function' ? namedOf(meta, first as (columns: never) => unknown, where) : args.map((name) => columnNamed(meta, name))
  if (selected.length === 0) throw new InvalidQueryError(`${where} names nothing to read.`)
  return selected
}

/** The named expressions a callback returns. */
export function namedOf(meta: ModelMeta, make: (columns: never) => unknown, where: string): readonly Selected[] {
  const made = callWithColumns(meta, make)
  if (typeof made !== 'object' || made === null)
    throw new InvalidQueryError(`The function given to ${where} must return an object of expressions.`)
  return Object.entries(made).map(([name, expression]: [string, unknown]) => {
    if (forbidden.has(name)) throw new InvalidQueryError(`'${name}' cannot be the name of a value.`)
    if (!(expression instanceof Expression)) throw new InvalidQueryError(`${where}: '${name}' is no expression, such as c.views.sum().`)
    return { name, node: expression.node, type: expression.type }
  })
}

export function columnNamed(meta: ModelMeta, name: unknown): Selected {
  if (typeof name !== 'string') throw new InvalidQueryError('A column is named by a string.', { statusCode: 400 })
  const column = meta.column(name)
  return { name, node: { kind: 'column', source: rootOf(meta), column }, type: column.field }
}

/** A call that names expressions: what they are is its structure. */
function namingOp(verb: string, selected: readonly Selected[], keep: (state: QueryState) => void): Op {
  const sink = new ValueSink()
  const token = `${verb} ${selected.map(({ name, node }) => `${JSON.stringify(name)}=${outputFingerprint(node, sink)}`).join(',')}`
  return {
    token,
    values: sink.values,
    scoped: sink.scoped,
    fold(state, base) {
      const positions = new ValueSink(state.slots, base)
      for (const { node } of selected) outputFingerprint(node, positions)
      keep(state)
    },
  }
}

export function selectOp(selected: readonly Selected[]): Op {
  return namingOp('select', selected, (state) => {
    state.selection = selected
  })
}

/** @throws {InvalidQueryError} for a name the model has already */
export function annotateOp(meta: ModelMeta, selected: readonly Selected[]): Op {
  for (const { name } of selected) {
    if (meta.findColumn(name) || meta.hasRelation(name) || name in meta.model.prototype)
      throw new InvalidQueryError(`${meta.name} has '${name}' already; name the annotation otherwise.`)
  }
  return namingOp('annotate', selected, (state) => {
    state.annotations = [...state.annotations, ...selected]
  })
}

/** `only` and `defer`: the key is always among them. */
export function columnsOp(meta: ModelMeta, verb: 'only' | 'defer', names: readonly unknown[]): Op {
  const named = new Set(names.map((name) => columnNamed(meta, name).name))
  return plainOp(`${verb} ${[...named].join(',')}`, (state) => {
    const before = state.columns ?? meta.columns
    state.columns = before.filter((column) => meta.primaryKey.includes(column) || named.has(column.property) === (verb === 'only'))
  })
}
