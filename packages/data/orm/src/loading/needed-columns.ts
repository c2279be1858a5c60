import type { ColumnMeta, ModelMeta } from '../meta/model-meta.ts'
import type { WithTree } from '../query/with-tree.ts'

/** The columns that loading needs of the rows it is for, beside those that were asked for. */
export function neededColumns(meta: ModelMeta, tree: WithTree): readonly ColumnMeta[] {
  return [...tree.keys()]
    .filter((name) => meta.hasRelation(name))
    .flatMap((name) => {
      const { local, typeColumn, kind } = meta.relation(name)
      return kind === 'polymorphic' && typeColumn ? [...local, typeColumn] : local
    })
}
