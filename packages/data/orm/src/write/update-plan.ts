import { sql } from 'kysely'
import type { Database } from '@covet/db'
import { equalsSql, placeholder, returningSql, textOf } from './sql-text.ts'
import type { WriteColumn } from './write-column.ts'
import type { Writer } from './writer.ts'

/** How certain columns of one row are written. Parameters: the new values, the key, the version before. */
export interface UpdatePlan {
  readonly text: string
  /** How the columns that the engine computes become known. */
  readonly answer: 'nothing' | 'rows' | 'select'
}

export function updatePlan(
  { meta, dialect, primaryKey, generated, version }: Writer,
  changed: readonly WriteColumn[],
  database: Database,
): UpdatePlan {
  // Neither MySQL nor MariaDB answers an UPDATE with rows.
  const answer = generated.length === 0 ? 'nothing' : dialect === 'mysql' ? 'select' : 'rows'
  const values = sql.join(
    changed.map(({ name }) => sql`${sql.id(name)} = ${placeholder()}`),
    sql`, `,
  )
  const where = equalsSql(version ? [...primaryKey, version] : primaryKey)
  const returning = answer === 'rows' ? returningSql(generated) : sql``
  return { text: textOf(sql`update ${sql.table(meta.table)} set ${values} where ${where}${returning}`, database), answer }
}
