import type { Node } from '../expressions/node.ts'
import { rootOf } from '../expressions/source.ts'
import type { ColumnMeta, ModelMeta } from '../meta/model-meta.ts'
import type { QueryState } from '../query/state.ts'

/**
 * Filters and orders that no index of the models serves: what their declarations tell, without asking the engine. An
 * index serves a filter when the filter fixes or bounds its first column.
 */
export function adviceOf(state: QueryState): string[] {
  const { meta, where, orderBy, limit } = state
  const advice = new Set<string>()
  for (const filtered of filters(where, meta)) {
    const { columns } = filtered
    if (columns.length === 0 || columns.some((column) => leads(filtered.meta, column))) continue
    advice.add(`${filtered.meta.name} is filtered by ${named(columns)}, which no index begins with. ${remedy(filtered.meta, columns)}`)
  }
  const [first] = orderBy
  const ordered = first?.by.kind === 'column' && first.by.source === rootOf(meta) ? first.by.column : undefined
  const narrowed = where.length > 0
  if (ordered && limit !== undefined && !narrowed && !leads(meta, ordered)) {
    advice.add(`${meta.name} is ordered by ${ordered.property} for the first rows only, and no index begins with it: all rows are sorted. ${remedy(meta, [ordered])}`)
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
  const visit = (node: Node): void => {
    switch (node.kind) {
      case 'compare':
        if (node.op !== '!=') take(node.left)
        return
      case 'in':
      case 'inQuery':
      case 'null':
        if (!node.negated) take(node.of)
        return
      case 'between':
        take(node.of)
        return
      case 'match':
        if (node.how === 'startsWith' && !node.insensitive) take(node.of)
        return
      case 'any':
        if (node.where) others.push(...filters([node.where], node.source.meta).filter(({ columns }) => columns.length > 0 && !node.source.relation))
        return
      case 'logic':
        if (node.op === 'and') node.parts.forEach(visit)
        else for (const part of node.parts) others.push(...filters([part], meta))
        return
      default:
    }
  }
  const take = (node: Node): void => {
    if (node.kind !== 'column') return
    if (node.source.meta === meta && !node.source.relation) own.push(node.column)
    else if (node.source.isOne) others.push({ meta: node.source.meta, columns: [node.column] })
  }
  conditions.forEach(visit)
  return [{ meta, columns: own }, ...others]
}

/** Whether some index, unique constraint or the key begins with the column. */
function leads(meta: ModelMeta, column: ColumnMeta): boolean {
  const { field, property } = column
  if (field.unique || field.index || field.primary || meta.primaryKey[0] === column) return true
  const { index = [], unique = [] } = meta.declaration.options
  return [...index, ...unique].some(([first]) => first === property)
}

function remedy({ name }: ModelMeta, columns: readonly ColumnMeta[]): string {
  const [only, second] = columns
  if (only && !second) return `Consider .index() on ${name}.${only.property}.`
  return `Consider index: [[${columns.map(({ property }) => `'${property}'`).join(', ')}]] in the options of ${name}.`
}

function named(columns: readonly ColumnMeta[]): string {
  return columns.map(({ property }) => property).join(', ')
}
