import { bind } from '../../src/binding.ts'
import { metaOf } from '../../src/meta/registry.ts'
import type { ModelClass } from '../../src/meta/model-meta.ts'
import type { Open, OpenDatabase } from './engines.ts'

export interface Generated {
  /** The table's model without the column. */
  readonly plain: ModelClass
  /** The model that says what the engine computes. */
  readonly model: ModelClass
  /** `twice bigint generated always as (balance * 2)` */
  readonly column: string
}

/** Opens a database whose table has a column that the engine computes, of which no table can be made from the model. */
export async function openGenerated(
  open: Open,
  { plain, model, column }: Generated,
  others: readonly ModelClass[] = [],
): Promise<OpenDatabase> {
  const at = await open([plain, ...others])
  const [name = ''] = column.split(' ')
  const { table } = metaOf(model)
  if (at.db.dialect !== 'sqlite') await at.db.script(`alter table ${table} drop column if exists ${name}`)
  await at.db.script(`alter table ${table} add column ${column} ${at.db.dialect === 'sqlite' ? 'virtual' : 'stored'}`)
  const unbind = bind([model], at.db)
  return {
    ...at,
    async [Symbol.asyncDispose]() {
      unbind()
      await at[Symbol.asyncDispose]()
    },
  }
}
