import { sql } from 'kysely'
import type { Node } from '../expressions/node.ts'
import { rootOf, type Source } from '../expressions/source.ts'
import { isBounded, type QueryState } from '../query/state.ts'
import type { SqlContext } from '../sql/context.ts'
import type { Sql } from '../sql/dialect.ts'
import { conditionsOf } from '../sql/select.ts'

/** Whether the rows of a query can be told from each row alone. */
export function isDirect(state: QueryState): boolean {
  if (isBounded(state) || state.combined || state.orderBy.length > 0) return false
  const root = rootOf(state.meta)
  return conditionsOf(state).every((node) => isOwn(node, root))
}

/**
 * What every row of a query satisfies as far as the row alone tells. A row that a statement waited for is looked at anew
 * by the statement's own conditions, and not by what a subquery read before: without these it would be written although
 * it is not meant any more.
 * @param context with the rows of the model open
 */
export function ownConditions(state: QueryState, context: SqlContext): readonly Sql[] {
  const root = rootOf(state.meta)
  const own = conditionsOf(state)
    .filter((node) => isOwn(node, root))
    .map((node) => context.condition(node))
  const combined = state.combined && ownOfCombined(state.combined, context)
  return combined ? [...own, combined] : own
}

function ownOfCombined(combined: NonNullable<QueryState['combined']>, context: SqlContext): Sql | undefined {
  const { operator, left } = combined
  const first = together(ownConditions(left, context))
  // What a row is not found by says nothing that holds for NULL too.
  if (operator === 'shared' || operator === 'computed' || operator === 'except') return first
  const other = context.besideQuery(combined.right)
  other.context.fromUnaliased(rootOf(other.state.meta))
  const second = together(ownConditions(other.state, other.context))
  if (first && second) return sql`(${first} ${sql.raw(operator === 'intersect' ? 'and' : 'or')} ${second})`
  return operator === 'intersect' ? (first ?? second) : undefined
}

function together(conditions: readonly Sql[]): Sql | undefined {
  return conditions.length === 0 ? undefined : sql`(${sql.join(conditions, sql` and `)})`
}

function isOwn(node: Node, root: Source): boolean {
  if (node.kind === 'column') return node.source === root
  const parts = partsOf(node)
  return parts !== undefined && parts.every((part) => isOwn(part, root))
}

/** What a condition is made of; undefined for what may look at other rows. */
function partsOf(node: Node): readonly Node[] | undefined {
  switch (node.kind) {
    case 'value':
    case 'boolean':
      return []
    case 'compare':
      return [node.left, node.right]
    case 'null':
    case 'in':
    case 'not':
    case 'match':
      return [node.of]
    case 'like':
      return [node.of, node.pattern]
    case 'between':
      return [node.of, node.from, node.to]
    case 'logic':
      return node.parts
    case 'keys':
      return node.of
    case 'call':
      return node.args
    default:
      return undefined
  }
}
