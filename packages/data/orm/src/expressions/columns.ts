import type { ModelMeta } from '../meta/model-meta.ts'
import { condition, Expression, not } from './expression.ts'
import type { Node, ValueType } from './node.ts'
import { rootOf, type Source } from './source.ts'

/** The columns and relations of some rows, by name: the `c` of `where(c => …)`. */
export type Columns = Readonly<Record<string, unknown>>

/** The predicate of `any`, `all` and `none`. */
type Predicate = (columns: Columns) => Expression

const int: ValueType = { type: 'int', nullable: false }
const known = new WeakMap<Source, Columns>()

/** The columns of the model's own rows. */
export function columnsOfModel(meta: ModelMeta): Columns {
  return columnsOf(rootOf(meta))
}

/** One object per source, made once: its columns are the same expressions in every query. */
export function columnsOf(source: Source, over?: Source): Columns {
  const made = known.get(source)
  if (made) return made
  const columns: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  known.set(source, columns)
  const { meta } = source
  for (const column of meta.columns) {
    columns[column.property] = new Expression({ kind: 'column', source, column }, column.field, over)
  }
  for (const name of meta.relationNames) {
    Object.defineProperty(columns, name, { enumerable: true, get: () => relationColumns(source.child(name), over) })
  }
  return columns
}

function relationColumns(source: Source, over: Source | undefined): Columns {
  if (source.isOne) return columnsOf(source, over)
  const made = known.get(source)
  if (made) return made
  return Object.assign(columnsOf(source, source), toMany(source))
}

/** The relations whose predicates are being asked, outermost first. */
const asked: Source[] = []

/**
 * The rows of a relation that a predicate is about, and the condition it makes of them. Each has columns of its own, as the
 * predicates around it have: with the same ones nobody could tell whose row is meant.
 */
function predicated(relation: Source, predicate: Predicate | undefined): { readonly source: Source; readonly where: Node | undefined } {
  if (!predicate) return { source: relation, where: undefined }
  asked.push(relation)
  try {
    const source = relation.within(asked.filter((each) => each === relation).length)
    return { source, where: predicate(columnsOf(source, source)).node }
  } finally {
    asked.pop()
  }
}

/** What stands beside the columns of a to-many relation. */
function toMany(relation: Source): Columns {
  const any = (predicate?: Predicate): Expression => condition({ kind: 'any', ...predicated(relation, predicate) })
  return {
    /** How many rows there are. */
    count: (predicate?: Predicate) => countOf(relation, predicate),
    any,
    none: (predicate?: Predicate) => not(any(predicate)),
    all: (predicate: Predicate) => not(any((columns) => isNotTrue(predicate(columns)))),
  }
}

/** How many rows of a relation there are, or satisfy the condition. */
function countOf(relation: Source, predicate: Predicate | undefined): Expression {
  const { source: over, where } = predicated(relation, predicate)
  return new Expression({ kind: 'aggregate', fn: 'count', of: undefined, distinct: false, where, over, type: int, input: int }, int)
}

/** False or unknown: a row without a value does not satisfy a condition on it. */
function isNotTrue({ node, type }: Expression): Expression {
  return condition({ kind: 'call', name: 'isNotTrue', args: [node], type })
}
