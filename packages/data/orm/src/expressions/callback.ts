import { InvalidQueryError } from '../errors.ts'
import type { ModelMeta } from '../meta/model-meta.ts'
import { type Columns, columnsOf, columnsOfModel } from './columns.ts'
import { copyOf, movedTo } from './copy.ts'
import { Expression } from './expression.ts'
import { Ordered } from './ordered.ts'
import { rootOf, Source } from './source.ts'
import type { TypedNode } from './typed-node.ts'

type Move = (source: Source) => Source

/** The models whose columns a callback is being given, outermost first. */
const open: ModelMeta[] = []

/** Expressions that have a name in a query, beside the columns. */
export type Names = ReadonlyMap<string, TypedNode>

/**
 * Calls a callback with the columns of a model's rows. Inside another callback of the same model it gets columns of its
 * own: with the same ones nobody could tell whose rows are meant.
 * @throws {InvalidQueryError} when it uses those of the callback around it
 */
export function callWithColumns(meta: ModelMeta, make: (columns: never) => unknown, names?: Names): unknown {
  const nested = open.includes(meta)
  open.push(meta)
  try {
    if (!nested) return make(named(columnsOfModel(meta), names) as never)
    const own = new Source(meta)
    const root = rootOf(meta)
    const columns = named(columnsOf(own), names, (source) => rebased(source, root, own))
    return settled(make(columns as never), (source) => movedSource(source, own, meta))
  } finally {
    open.pop()
  }
}

/** What has a name in a query, as an expression of its own each time. */
export function namedExpression({ node, type }: TypedNode, move?: Move): Expression {
  return new Expression(copyOf(node, move), type)
}

function named(columns: Columns, names: Names | undefined, move?: Move): Columns {
  if (!names) return columns
  const all: Columns = Object.create(columns) as Columns
  for (const [name, expression] of names)
    Object.defineProperty(all, name, { enumerable: true, get: () => namedExpression(expression, move) })
  return all
}

/** The same expressions over the rows of the query they belong to. */
function settled(made: unknown, move: Move): unknown {
  if (made instanceof Expression) return new Expression(movedTo(made.node, move), made.type, made.rows && move(made.rows))
  if (made instanceof Ordered) return new Ordered(settled(made.expression, move) as Expression, made.direction, made.nulls)
  if (typeof made !== 'object' || made === null) return made
  return Object.fromEntries(Object.entries(made).map(([name, part]) => [name, settled(part, move)]))
}

function movedSource(source: Source, own: Source, meta: ModelMeta): Source {
  if (rootIn(source) === rootOf(meta)) {
    throw new InvalidQueryError(
      `A query of ${meta.name} inside a callback of ${meta.name} cannot use the columns of the outer one. Go by a relation, such as c.${meta.relationNames[0] ?? 'children'}.any(…), or write raw SQL.`,
    )
  }
  return rebased(source, own, rootOf(meta))
}

/** The rows reached from others on the same way. */
function rebased(source: Source, from: Source, to: Source): Source {
  if (source === from) return to
  const { parent, relation } = source
  if (!parent || !relation) return source
  const moved = rebased(parent, from, to)
  return moved === parent ? source : moved.child(relation.name).within(source.depth)
}

function rootIn(source: Source): Source {
  return source.parent ? rootIn(source.parent) : source
}
