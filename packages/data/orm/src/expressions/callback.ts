import { InvalidQueryError } from '../errors.ts'
import type { ModelMeta } from '../meta/model-meta.ts'
import { columnsOf, columnsOfModel } from './columns.ts'
import { Expression } from './expression.ts'
import { Ordered } from './ordered.ts'
import { rootOf, Source } from './source.ts'

/** The models whose columns a callback is being given, outermost first. */
const open: ModelMeta[] = []

/**
 * Calls a callback with the columns of a model's rows. Inside another callback of the same model it gets columns of its
 * own: with the same ones nobody could tell whose rows are meant.
 * @throws {InvalidQueryError} when it uses those of the callback around it
 */
export function callWithColumns(meta: ModelMeta, make: (columns: never) => unknown): unknown {
  const nested = open.includes(meta)
  open.push(meta)
  try {
    if (!nested) return make(columnsOfModel(meta) as never)
    const own = new Source(meta)
    return settled(make(columnsOf(own) as never), own, meta)
  } finally {
    open.pop()
  }
}

/** The same expressions over the rows of the query they belong to. */
function settled(made: unknown, own: Source, meta: ModelMeta): unknown {
  if (made instanceof Expression)
    return new Expression(moved(made.node, own, meta) as Expression['node'], made.type, movedSource(made.rows, own, meta))
  if (made instanceof Ordered) return new Ordered(settled(made.expression, own, meta) as Expression, made.direction, made.nulls)
  if (typeof made !== 'object' || made === null) return made
  return Object.fromEntries(Object.entries(made).map(([name, part]) => [name, settled(part, own, meta)]))
}

/** A node is plain data down to its sources, its columns' definitions and its values. */
function moved(part: unknown, own: Source, meta: ModelMeta): unknown {
  if (part instanceof Source) return movedSource(part, own, meta)
  if (Array.isArray(part)) return part.map((item) => moved(item, own, meta))
  if (typeof part !== 'object' || part === null || Object.getPrototypeOf(part) !== Object.prototype) return part
  return Object.fromEntries(
    Object.entries(part).map(([name, member]) => [name, kept.has(name) ? (member as unknown) : moved(member, own, meta)]),
  )
}

const kept: ReadonlySet<string> = new Set(['column', 'type', 'input', 'query', 'value', 'values', 'sql'])

function movedSource(source: Source | undefined, own: Source, meta: ModelMeta): Source | undefined {
  if (source === undefined) return undefined
  if (source === own) return rootOf(meta)
  if (source === rootOf(meta)) {
    throw new InvalidQueryError(
      `A query of ${meta.name} inside a callback of ${meta.name} cannot use the columns of the outer one. Go by a relation, such as c.${meta.relationNames[0] ?? 'children'}.any(…), or write raw SQL.`,
    )
  }
  const parent = movedSource(source.parent, own, meta)
  return parent === source.parent || !parent || !source.relation ? source : parent.child(source.relation.name).within(source.depth)
}
