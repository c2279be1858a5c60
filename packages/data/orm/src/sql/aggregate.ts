import { sql } from 'kysely'
import { InvalidQueryError } from '../errors.ts'
import type { Node, ValueType } from '../expressions/node.ts'
import type { FieldType } from '../fields/definition.ts'
import type { Source } from '../expressions/source.ts'
import type { SqlContext } from './context.ts'
import { needOrder } from './decimals.ts'
import type { Sql } from './dialect.ts'
import { relatedRows } from './related-rows.ts'
import { From } from './from.ts'

type Aggregate = Extract<Node, { kind: 'aggregate' }>

/** Of what PostgreSQL knows no least and no greatest value, with what messages call it. */
const withoutExtremes: ReadonlyMap<FieldType, string> = new Map([
  ['uuid', 'uuids'],
  ['bool', 'booleans'],
  ['bytes', 'bytes'],
  ['json', 'JSON'],
])

/**
 * An aggregate of the query's own rows, or a subquery for one over a to-many relation: two relations joined side by side
 * would multiply each other's rows.
 */
export function aggregateSql(node: Aggregate, context: SqlContext): Sql {
  return node.over ? overRelation(node, node.over, context) : callOf(node, context)
}

function callOf(node: Aggregate, context: SqlContext): Sql {
  return finished(node, bareCall(node, context), context)
}

/** The same over a window, which belongs to the bare call. */
export function aggregateOver(node: Aggregate, window: Sql, context: SqlContext): Sql {
  return finished(node, sql`${bareCall(node, context)} over (${window})`, context)
}

/** What an engine needs around its average. */
function finished({ fn, type, input }: Aggregate, call: Sql, context: SqlContext): Sql {
  return fn === 'avg' ? (context.dialect.call(fn, [call], type, input) ?? call) : call
}

function bareCall({ fn, of, distinct, where, type, input }: Aggregate, context: SqlContext): Sql {
  if (of && fn !== 'count') needOrder(of, `aggregated by ${fn}()`, context)
  if (fn === 'min' || fn === 'max') needExtremes(fn, input)
  const subject = of ? context.sql(of) : sql`*`
  const chosen = where ? sql`case when ${context.condition(where)} then ${of ? subject : sql.lit(1)} end` : subject
  const read = (fn === 'avg' ? context.dialect.call('averaged', [chosen], type, input) : undefined) ?? chosen
  return sql`${sql.raw(fn)}(${sql.raw(distinct ? 'distinct ' : '')}${read})`
}

/** @throws {InvalidQueryError} for kinds of values that not every engine has a least and a greatest of */
function needExtremes(fn: string, { type }: ValueType): void {
  const kind = withoutExtremes.get(type)
  if (kind)
    throw new InvalidQueryError(
      `'${fn}' takes numbers, text and times, not ${kind}, whose least and greatest PostgreSQL does not know. ${type === 'json' ? 'Keep what is compared in a field of its own' : 'Order by them and take the first row'}.`,
    )
}

function overRelation(node: Aggregate, source: Source, context: SqlContext): Sql {
  const { parent, relation } = source
  if (!parent || !relation) throw new InvalidQueryError('An aggregate over a relation needs the relation.')
  const outermost = outermostMany(source)
  if (outermost !== source) return overNested(node, source, outermost, context)
  const target = new From(relation.target, context.alias())
  const { from, on } = relatedRows(context.rows(parent), target, source, context)
  return context.during(source, target, () => {
    const { call, only } = callAndCondition(node, context)
    return sql`(select ${call} from ${from()} where ${on}${only})`
  })
}

/** Rows of a to-many relation of a to-many relation: those whose way back leads to the outer row. */
function overNested(node: Aggregate, source: Source, outermost: Source, context: SqlContext): Sql {
  const steps = stepsBetween(outermost, source)
  const first = new From(outermost.meta, context.alias())
  const root = relatedRows(context.rows(outermost.parent ?? outermost), first, outermost, context)
  const opened: [Source, From][] = [[outermost, first]]
  const joins: (() => Sql)[] = []
  let owner = first
  for (const step of steps) {
    const target = new From(step.meta, context.alias())
    joins.push(relatedRows(owner, target, step, context).joined)
    opened.push([step, target])
    owner = target
  }
  return duringAll(opened, context, () => {
    const { call, only } = callAndCondition(node, context)
    return sql`(select ${call} from ${root.from()}${sql.join(
      joins.map((join) => join()),
      sql``,
    )} where ${root.on}${only})`
  })
}

/** Of a statement of its own, what is not aggregated need not be read. MariaDB refuses a query inside of what it aggregates. */
function callAndCondition(node: Aggregate, context: SqlContext): { readonly call: Sql; readonly only: Sql } {
  const { where } = node
  return { call: callOf({ ...node, where: undefined }, context), only: where ? sql` and ${context.condition(where)}` : sql`` }
}

function duringAll<T>([first, ...rest]: readonly (readonly [Source, From])[], context: SqlContext, work: () => T): T {
  return first ? context.during(first[0], first[1], () => duringAll(rest, context, work)) : work()
}

/** The first to-many relation on the way from a row that is at hand: that of the query, or of the predicate around. */
function outermostMany(source: Source): Source {
  let outermost = source
  for (let step = source.parent; step && step.depth === 0; step = step.parent) if (step.relation && !step.isOne) outermost = step
  return outermost
}

function stepsBetween(outer: Source, inner: Source): readonly Source[] {
  const steps: Source[] = []
  for (let step: Source | undefined = inner; step && step !== outer; step = step.parent) steps.unshift(step)
  return steps
}
