import { sql } from 'kysely'
import { InvalidQueryError } from '../errors.ts'
import { hasWindow } from '../expressions/has-window.ts'
import { rootOf } from '../expressions/source.ts'
import { hydratorOf } from '../hydrate/instances.ts'
import type { RelationMeta } from '../meta/relation-meta.ts'
import { isBounded, type QueryState } from '../query/state.ts'
import type { Sql } from '../sql/dialect.ts'
import type { From } from '../sql/from.ts'
import { type Output, outputsOf } from '../sql/outputs.ts'
import { Param } from '../sql/param.ts'
import { limitSql, openFrom, orderSql } from '../sql/select.ts'
import { definer } from './define.ts'
import type { Eager, EagerPart } from './eager-parts.ts'
import { cellOf, nested } from './json-cells.ts'
import { jsonSqlOf } from './json-sql.ts'
import type { ListLoad } from './loading.ts'
import type { JoinTarget, PlanLevel } from './join-target.ts'
import { addPivot, assertInstances, type Compiling, fromSql, keptSql, ownerColumns, positionsOf, readColumns } from './related-from.ts'
import { rowKey } from './unique-rows.ts'

/** Engines take a hundred arguments of a function. */
const mostCells = 90

/**
 * Adds the rows of a relation to those of their owner: one value with all of them, an array of arrays.
 * @param owner the row they belong to
 */
export function planList(
  relation: RelationMeta,
  part: EagerPart,
  owner: From,
  around: JoinTarget & { readonly eager: Eager },
  planLevel: PlanLevel,
): ListLoad {
  const { target, junction, name, many } = relation
  const { dialect } = around.context
  const state = part.chain.state()
  assertListable(relation, state)
  readColumns(state)
  const base = around.eager.base + part.at
  const context = around.context.apart(state, base)
  const from = openFrom(state, context)
  const outputs: Output[] = [...outputsOf(state, from, context)]
  const compiling: Compiling = { relation, state, context, from, between: context.alias(), outputs }
  const pivot = junction?.meta && addPivot(compiling, junction.meta)
  const targetKey = pivot ? undefined : rowKey(positionsOf(target.primaryKey, compiling))
  const eager: Eager = { base: around.eager.base, from: base, parts: part.below }
  const below = planLevel(target, rootOf(target), state.with, { state, context, outputs, eager, isInside: true })
  const { answer, counted } = jsonSqlOf(dialect.name)
  const list = listSql(compiling, owner)
  const at = around.outputs.push({ sql: around.isInside ? list : answer(list), type: nested }) - 1
  const cells = outputs.map(({ type }) => cellOf(type, dialect.name).fromJson)
  return { name, many, define: definer(name), hydrate: hydratorOf(state, dialect.name), at, cells, counted, targetKey, pivot, below }
}

/** @throws {InvalidQueryError} for what means something else in a list for each owner, or nothing */
function assertListable(relation: RelationMeta, state: QueryState): void {
  assertInstances(relation, state)
  const where = `${relation.owner.name}.${relation.name}`
  if (state.lock) throw new InvalidQueryError(`The query of ${where} locks, which rows inside of others cannot: leave eager('json') out.`)
  if (state.annotations.some(({ node }) => hasWindow(node)) || state.orderBy.some(({ by }) => hasWindow(by)))
    throw new InvalidQueryError(
      `The query of ${where} has a window over the rows of all owners, which eager('json') reads one owner at a time: leave it out.`,
    )
}

function listSql(compiling: Compiling, owner: From): Sql {
  const { state, context } = compiling
  const { limit, offset } = state
  const param = (slot: number | undefined): Sql | undefined => (slot === undefined ? undefined : sql`${new Param(context.at(slot))}`)
  const row = rowSql(compiling)
  const order = orderSql(state, context)
  const where = sql.join([...belongingSql(compiling, owner), ...keptSql(compiling)], sql` and `)
  return jsonSqlOf(context.dialect.name).list({
    row,
    order,
    rows: sql` from ${fromSql(compiling)} where ${where}`,
    bounds: isBounded(state) ? limitSql(state, context) : undefined,
    limit: param(limit),
    offset: param(offset),
  })
}

function belongingSql(compiling: Compiling, owner: From): readonly Sql[] {
  const { local } = compiling.relation
  return ownerColumns(compiling).map((column, index) => sql`${column} = ${owner.column(local[index] ?? { column: '' })}`)
}

/** A wide row is an array of parts. */
function rowSql({ outputs, context }: Compiling): Sql {
  const { array } = jsonSqlOf(context.dialect.name)
  const cells = outputs.map((output) => cellOf(output.type, context.dialect.name).toJson(output.sql))
  if (cells.length <= mostCells) return array(sql.join(cells, sql`, `))
  const parts: Sql[] = []
  for (let start = 0; start < cells.length; start += mostCells) parts.push(array(sql.join(cells.slice(start, start + mostCells), sql`, `)))
  return array(sql.join(parts, sql`, `))
}

/** Whether rows of so many values come in parts. */
export function comesInParts(cells: number): boolean {
  return cells > mostCells
}
