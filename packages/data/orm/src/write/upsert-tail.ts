import { sql } from 'kysely'
import type { Sql } from '../sql/dialect.ts'
import type { Tail } from './bulk-text.ts'
import { names, returningSql } from './sql-text.ts'
import type { UpsertTarget } from './upsert-options.ts'
import type { WriteColumn } from './write-column.ts'
import { isPrimaryKey, type Writer } from './writer.ts'

/** What an INSERT says about rows that exist, and that it answers with all columns where it can. */
export function upsertTail(writer: Writer, { on }: UpsertTarget, update: readonly WriteColumn[], returns: boolean): Tail {
  const key = `on ${on.map(({ index }) => index).join()} set ${update.map(({ index }) => index).join()} ${returns}`
  const conflict = writer.dialect === 'mysql' ? onDuplicate : onConflict
  return { key, sql: () => sql`${conflict(writer, on, update)}${returns ? returningSql(writer.columns) : sql``}` }
}

function onConflict(writer: Writer, on: readonly WriteColumn[], update: readonly WriteColumn[]): Sql {
  const { meta, deletedAt } = writer
  // The unique indexes of such a model leave deleted rows out.
  const living = deletedAt && !isPrimaryKey(writer, on) ? sql` where ${sql.id(deletedAt.name)} is null` : sql``
  const target = sql` on conflict (${names(on)})${living} do`
  if (update.length === 0) return sql`${target} nothing`
  return sql`${target} update set ${assignments(
    writer,
    update,
    ({ name }) => sql`${sql.id('excluded')}.${sql.id(name)}`,
    (name) => sql.id(meta.table, name),
  )}`
}

function onDuplicate(writer: Writer, on: readonly WriteColumn[], update: readonly WriteColumn[]): Sql {
  const [first] = on
  if (update.length === 0) return sql` on duplicate key update ${sql.id(first?.name ?? '')} = ${sql.id(first?.name ?? '')}`
  return sql` on duplicate key update ${assignments(
    writer,
    update,
    ({ name }) => sql`values(${sql.id(name)})`,
    (name) => sql.id(name),
  )}`
}

function assignments(
  { version }: Writer,
  update: readonly WriteColumn[],
  given: (column: WriteColumn) => Sql,
  own: (name: string) => Sql,
): Sql {
  const written = update.filter((column) => column !== version).map((column) => sql`${sql.id(column.name)} = ${given(column)}`)
  const counted = version ? [sql`${sql.id(version.name)} = ${own(version.name)} + 1`] : []
  return sql.join([...written, ...counted], sql`, `)
}
