import type { Node } from '../expressions/node.ts'
import type { ColumnMeta, ModelMeta } from '../meta/model-meta.ts'
import type { Chain } from '../query/chain.ts'
import { conditionsOnRows } from '../query/computed.ts'

/** What to do instead of loading a relation row by row. */
export function adviceForLoad({ name: model }: ModelMeta, relation: string): string {
  return `load '${relation}' for all rows by .with('${relation}') on the query of ${model}.`
}

/** What to do instead of a query that runs with one key after another. */
export function adviceFor(chain: Chain): string {
  const { meta } = chain
  const column = conditionsOnRows(chain.state())
    .map(comparedColumn)
    .find((found) => found !== undefined)
  const found = column && pathTo(meta, column)
  if (found) return `load them with their ${found.owner.name} by .with('${found.name}').`
  if (column && meta.primaryKey.includes(column))
    return `load ${meta.name} with the rows that refer to it by .with('…'), or all at once by ${meta.name}.findMany(keys).`
  return `ask for all of them at once, by .with('…') on the rows they belong to or where('${column?.property ?? '…'}', 'in', keys).`
}

function comparedColumn(node: Node): ColumnMeta | undefined {
  if (node.kind === 'compare' && node.op === '=' && node.left.kind === 'column') return node.left.column
  if (node.kind !== 'logic' || node.op !== 'and') return undefined
  return node.parts.map(comparedColumn).find((found) => found !== undefined)
}

/** The relation of the other side that leads to rows with this foreign key. */
function pathTo(meta: ModelMeta, column: ColumnMeta): { owner: ModelMeta; name: string } | undefined {
  if (column.relation === undefined) return undefined
  const { target: owner, kind } = meta.relation(column.relation)
  if (kind !== 'belongsTo') return undefined
  const name = owner.relationNames.find((each) => leadsTo(owner, each, meta, column))
  return name === undefined ? undefined : { owner, name }
}

function leadsTo(owner: ModelMeta, name: string, meta: ModelMeta, column: ColumnMeta): boolean {
  const member = owner.declaration.shape[name]
  if (member?.kind !== 'hasMany' && member?.kind !== 'hasOne') return false
  const { target, foreign } = owner.relation(name)
  return target.declaration === meta.declaration && foreign.some(({ property }) => property === column.property)
}
