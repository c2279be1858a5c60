import { type Database, fragment } from '@covet/db'

export interface TableRow {
  name: string
  comment: string
}

export interface ColumnRow {
  table_name: string
  name: string
  column_type: string
  is_nullable: 'YES' | 'NO'
  default_sql: string | null
  extra: string
  generation: string | null
  collation: string | null
  comment: string
}

export interface IndexRow {
  TABLE_NAME: string
  INDEX_NAME: string
  NON_UNIQUE: number
  /** Null for an expression. */
  COLUMN_NAME: string | null
  /** `D`: descending. */
  COLLATION: string | null
  /** Characters. */
  SUB_PART: number | null
  INDEX_TYPE: string
  /** Of MySQL 8 only. */
  EXPRESSION?: string | null
}

export interface ForeignKeyRow {
  table_name: string
  name: string
  column_name: string
  target_schema: string
  target: string
  target_column: string
  on_delete: string
  on_update: string
}

export interface CheckRow {
  table_name: string
  name: string
  clause: string
  /** `Column`: written with a column, whose name it has. Of MariaDB only. */
  level: string
}

export interface Rows {
  readonly schema: string
  readonly isMariaDb: boolean
  readonly tables: readonly TableRow[]
  readonly columns: readonly ColumnRow[]
  readonly indexes: readonly IndexRow[]
  readonly foreignKeys: readonly ForeignKeyRow[]
  readonly checks: readonly CheckRow[]
}

/** All there is about a database, from `information_schema`. */
export async function readRows(database: Database, wanted: string | undefined): Promise<Rows> {
  return database.transaction(async () => {
    const { sql } = database
    const found = await sql.first<{ name: string; version: string }>`select coalesce(${wanted ?? null}, database()) as name, version() as version`
    const schema = found?.name ?? ''
    const isMariaDb = /mariadb/i.test(found?.version ?? '')
    return {
      schema,
      isMariaDb,
      tables: await sql<TableRow>`
        select table_name as name, table_comment as comment from information_schema.tables
        where table_schema = ${schema} and table_type = 'BASE TABLE'`,
      columns: await sql<ColumnRow>`
        select table_name as table_name, column_name as name, column_type as column_type, is_nullable as is_nullable, column_default as default_sql,
          extra as extra, generation_expression as generation, collation_name as collation, column_comment as comment
        from information_schema.columns where table_schema = ${schema} order by table_name, ordinal_position`,
      // All columns: only MySQL has one for expressions.
      indexes: await sql<IndexRow>`
        select * from information_schema.statistics where table_schema = ${schema} order by table_name, index_name, seq_in_index`,
      foreignKeys: await sql<ForeignKeyRow>`
        select k.table_name as table_name, k.constraint_name as name, k.column_name as column_name, k.referenced_table_schema as target_schema,
          k.referenced_table_name as target, k.referenced_column_name as target_column, r.delete_rule as on_delete, r.update_rule as on_update
        from information_schema.key_column_usage k
        join information_schema.referential_constraints r
          on r.constraint_schema = k.constraint_schema and r.constraint_name = k.constraint_name and r.table_name = k.table_name
        where k.table_schema = ${schema} and k.referenced_table_name is not null
        order by k.table_name, k.constraint_name, k.ordinal_position`,
      checks: await readChecks(database, schema, isMariaDb),
    }
  }, { readOnly: true })
}

/** MySQL names the table of a check elsewhere; in MariaDB two tables may have checks of the same name. */
function readChecks({ sql }: Database, schema: string, isMariaDb: boolean): Promise<CheckRow[]> {
  const source = isMariaDb
    ? fragment`c.table_name as table_name, c.level as level from information_schema.check_constraints c`
    : fragment`t.table_name as table_name, 'Table' as level from information_schema.check_constraints c
        join information_schema.table_constraints t
          on t.constraint_schema = c.constraint_schema and t.constraint_name = c.constraint_name and t.constraint_type = 'CHECK'`
  return sql<CheckRow>`
    select c.constraint_name as name, c.check_clause as clause, ${source} where c.constraint_schema = ${schema}`
}
