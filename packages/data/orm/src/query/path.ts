import { InvalidQueryError } from '../errors.ts'
import { fingerprint } from '../expressions/fingerprint.ts'
import type { Comparison, Node } from '../expressions/node.ts'
import { rootOf, type Source } from '../expressions/source.ts'
import { ValueSink } from '../expressions/value-sink.ts'
import type { ColumnMeta, ModelMeta } from '../meta/model-meta.ts'
import type { Op } from './op.ts'

/** A column reached by relations: `posts.comments.author.email`. */
export interface ColumnPath {
  readonly text: string
  /** For messages: `Post.author.email`. */
  readonly name: string
  /** Comparisons with a value, by operator; none through many rows. */
  readonly comparisons: ReadonlyMap<unknown, PlainComparison>
  /** Orders by the column that were asked for, by direction. */
  readonly orders: Map<unknown, Op>
  /** Each to-many step on the way, outermost first: a condition holds when it holds for any of their rows. */
  readonly many: readonly Source[]
  readonly column: ColumnMeta
  readonly node: Extract<Node, { kind: 'column' }>
}

/** A comparison of the column with a value, and its structure. */
export interface PlainComparison {
  readonly op: Comparison
  readonly token: string
}

const operators: readonly Comparison[] = ['=', '!=', '<', '<=', '>', '>=']
const known = new WeakMap<ModelMeta, Map<string, ColumnPath>>()

/** @throws {UnknownColumnError} {@link UnknownRelationError} {@link InvalidQueryError} */
export function columnPath(meta: ModelMeta, text: string): ColumnPath {
  const paths = known.get(meta) ?? new Map<string, ColumnPath>()
  if (paths.size === 0) known.set(meta, paths)
  const found = paths.get(text)
  if (found) return found
  const path = resolve(meta, text)
  // Only paths that exist get here, and a model has so many of them; those of circles are cut.
  if (paths.size < 1_000) paths.set(text, path)
  return path
}

function resolve(meta: ModelMeta, text: unknown): ColumnPath {
  if (typeof text !== 'string') throw new InvalidQueryError(`A column is named by a string, not by ${typeof text}.`, { statusCode: 400 })
  const steps = text.split('.')
  const property = steps.pop() ?? ''
  const many: Source[] = []
  let source = rootOf(meta)
  for (const step of steps) {
    source = source.child(step)
    if (source.relation?.kind === 'polymorphic')
      throw new InvalidQueryError(
        `'${text}' goes through '${step}', whose rows are of several models. Ask for the kind first, or query the other side.`,
      )
    if (!source.isOne) many.push(source)
  }
  const column = columnOf(source, property)
  return {
    text,
    name: `${meta.name}.${text}`,
    many,
    ...column,
    orders: new Map(),
    comparisons: many.length > 0 || column.column.field.encrypted ? new Map() : comparisonsOf(column),
  }
}

function comparisonsOf({ column, node }: Pick<ColumnPath, 'column' | 'node'>): ReadonlyMap<unknown, PlainComparison> {
  const right: Node = { kind: 'value', value: '', type: column.field }
  return new Map(
    operators.map((op) => [op, { op, token: `where ${fingerprint({ kind: 'compare', op, left: node, right }, new ValueSink())}` }]),
  )
}

/**
 * The column of the last step. A key that the row itself holds needs no join: `author.id` is `authorId`, unless the author may
 * be one that counts as no row.
 */
function columnOf(source: Source, property: string): Pick<ColumnPath, 'column' | 'node'> {
  const column = source.meta.column(property)
  const { parent, relation } = source
  const position = relation?.kind === 'belongsTo' && keepsAllRows(source.meta) ? relation.foreign.indexOf(column) : -1
  const own = relation?.local[position]
  if (parent && own) return { column: own, node: { kind: 'column', source: parent, column: own } }
  return { column, node: { kind: 'column', source, column } }
}

function keepsAllRows(meta: ModelMeta): boolean {
  return meta.duty('deletedAt') === undefined && meta.declaration.options.scope === undefined
}

/** The condition for any of the rows on the way: an EXISTS per to-many step. */
export function throughMany(path: ColumnPath, condition: Node): Node {
  return path.many.reduceRight<Node>((where, source) => ({ kind: 'any', source, where }), condition)
}
