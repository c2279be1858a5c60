import type { Database } from '@covet/db'
import type { Node } from '../expressions/node.ts'
import { rootOf } from '../expressions/source.ts'
import type { ColumnMeta, ModelMeta } from '../meta/model-meta.ts'
import { conditionsOnRows } from '../query/computed.ts'
import type { QueryState } from '../query/state.ts'
import { indexedColumns } from '../schema/table-of.ts'
import { uniqueKeysIn } from '../schema/unique-keys.ts'

/**
 * Filters and orders that no index of the models serves: what their declarations tell, without asking the engine. An
 * index serves a filter when the filter fixes or bounds its first column.
 */
export function adviceOf(state: QueryState, database: Database): string[] {
  const { meta, orderBy, limit } = state
  const where = conditionsOnRows(state)
  const advice = new Set<string>()
  for (const filtered of filters(where, meta)) {
    const { columns } = filtered
    if (columns.length === 0 || columns.some((column) => leads(filtered.meta, column, database))) continue
    advice.add(`${filtered.meta.name} is filtered by ${named(columns)}, which no index begins with. ${remedy(filtered.meta, columns)}`)
  }
  const [first] = orderBy
  const ordered = first?.by.kind === 'column' && first.by.source === rootOf(meta) ? first.by.column : undefined
  const narrowed = where.length > 0
  if (ordered && limit !== undefined && !narrowed && !leads(meta, ordered, database)) {
    advice.add(
      `${meta.name} is ordered by ${ordered.property} for the first rows only, and no index begins with it: all rows are sorted. ${remedy(meta, [ordered])}`,
    )
  }
  return [...advice]
}

interface Filtered {
  readonly meta: ModelMeta
  readonly columns: readonly ColumnMeta[]
}

/** The columns that one table's conditions fix or bound together; the parts of an `or` stand for themselves. */
function filters(conditions: readonly Node[], meta: ModelMeta): readonly Filtered[] {
  const own: ColumnMeta[] = []
  const others: Filtered[] = []
  for (const condition of conditions) {
    if (condition.kind === 'logic')
      others.push(...(condition.op === 'and' ? filters(condition.parts, meta) : condition.parts.flatMap((part) => filters([part], meta))))
    if (condition.kind === 'keys') own.push(...condition.of.flatMap((of) => (of.kind === 'column' ? [of.column] : [])))
    const of = bounded(condition)
    if (of?.kind !== 'column') continue
    if (!of.source.relation) own.push(of.column)
    else if (of.source.isOne) others.push({ meta: of.source.meta, columns: [of.column] })
  }
  return [{ meta, columns: own }, ...others]
}

/** What a condition fixes or bounds, so that an index could serve it. */
function bounded(node: Node): Node | undefined {
  switch (node.kind) {
    case 'compare':
      return node.op === '!=' ? undefined : node.left
    case 'in':
    case 'inQuery':
    case 'null':
      return node.negated ? undefined : node.of
    case 'between':
      return node.of
    case 'match':
      return node.how === 'startsWith' && !node.insensitive ? node.of : undefined
    default:
      return undefined
  }
}

/** Whether some index, unique constraint or the key begins with the column. */
function leads(meta: ModelMeta, { column }: ColumnMeta, database: Database): boolean {
  const keys = uniqueKeysIn(database, meta).map(([first]) => first?.column)
  return [...keys, ...indexedColumns(meta).map(([first]) => first)].includes(column)
}

function remedy({ name }: ModelMeta, columns: readonly ColumnMeta[]): string {
  const [only, second] = columns
  if (only && !second) return `Consider .index() on ${name}.${only.property}.`
  return `Consider index: [[${columns.map(({ property }) => `'${property}'`).join(', ')}]] in the options of ${name}.`
}

function named(columns: readonly ColumnMeta[]): string {
  return columns.map(({ property }) => property).join(', ')
}
