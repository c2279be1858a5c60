import { InvalidQueryError } from '../errors.ts'
import { callWithColumns, type Names, namedExpression } from '../expressions/callback.ts'
import { Expression } from '../expressions/expression.ts'
import { outputFingerprint } from '../expressions/fingerprint.ts'
import { rootOf } from '../expressions/source.ts'
import { ValueSink } from '../expressions/value-sink.ts'
import type { ModelMeta } from '../meta/model-meta.ts'
import type { Op } from './op.ts'
import { plainOp } from './ops.ts'
import type { QueryState, Selected } from './state.ts'

/** The model of a query, and what its annotations are called. */
interface Named {
  readonly meta: ModelMeta
  readonly names?: Names | undefined
}

const forbidden: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/** The arguments of `select`: names of columns, or a function that names expressions. */
export function selectedOf({ meta, names }: Named, args: readonly unknown[], where: string): readonly Selected[] {
  const [first] = args
  const selected =
    typeof first === 'function'
      ? namedOf({ meta, names }, first as (columns: never) => unknown, where)
      : args.map((name) => columnNamed(meta, name, names))
  if (selected.length === 0) throw new InvalidQueryError(`${where} names nothing to read.`)
  return selected
}

/** The named expressions a callback returns. */
export function namedOf({ meta, names }: Named, make: (columns: never) => unknown, where: string): readonly Selected[] {
  const made = callWithColumns(meta, make, names)
  if (typeof made !== 'object' || made === null)
    throw new InvalidQueryError(`The function given to ${where} must return an object of expressions.`)
  return Object.entries(made).map(([name, expression]: [string, unknown]) => {
    if (forbidden.has(name)) throw new InvalidQueryError(`'${name}' cannot be the name of a value.`)
    if (!(expression instanceof Expression)) throw new InvalidQueryError(`${where}: '${name}' is no expression, such as c.views.sum().`)
    return { name, node: expression.node, type: expression.type }
  })
}

/** A column by its name, or what has that name in the query. */
export function columnNamed(meta: ModelMeta, name: unknown, names?: Names): Selected {
  if (typeof name !== 'string') throw new InvalidQueryError('A column is named by a string.', { statusCode: 400 })
  const annotation = names?.get(name)
  if (annotation) {
    const { node, type } = namedExpression(annotation)
    return { name, node, type }
  }
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

/** Adds what later calls of the query may name. */
export function namesWith(names: Names | undefined, selected: readonly Selected[]): Names {
  return new Map([...(names ?? []), ...selected.map(({ name, node, type }) => [name, new Expression(node, type)] as const)])
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
