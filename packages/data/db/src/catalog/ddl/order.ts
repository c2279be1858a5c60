import type { Catalog, ForeignKey, Table } from '../types.ts'
import type { Engine } from './engine.ts'

export interface CreationOrder {
  readonly tables: readonly Table[]
  /** Foreign keys to a table that does not exist yet when theirs is created. */
  readonly late: readonly { readonly table: string; readonly key: ForeignKey }[]
}

/** Each table after those it refers to, as far as there is such an order. SQLite asks only when rows come. */
export function creationOrder({ tables }: Catalog, { dialect }: Engine): CreationOrder {
  if (dialect === 'sqlite') return { tables, late: [] }
  const byName = new Map(tables.map((table) => [table.name, table]))
  const created = new Set<string>()
  const ordered: Table[] = []
  const visiting = new Set<string>()
  const late: { table: string; key: ForeignKey }[] = []

  function visit(table: Table): void {
    if (created.has(table.name) || visiting.has(table.name)) return
    visiting.add(table.name)
    for (const { references } of table.foreignKeys) {
      const target = byName.get(references.table)
      if (target) visit(target)
    }
    const isReady = ({ references }: ForeignKey): boolean =>
      references.table === table.name || created.has(references.table) || !byName.has(references.table)
    for (const key of table.foreignKeys) if (!isReady(key)) late.push({ table: table.name, key })
    ordered.push({ ...table, foreignKeys: table.foreignKeys.filter(isReady) })
    created.add(table.name)
  }

  for (const table of tables) visit(table)
  return { tables: ordered, late }
}
