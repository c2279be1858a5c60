import { type Database, identifier } from '@covet/db'

export interface TableRow {
  name: string
  sql: string
  without_rowid: number
  strict: number
}

export interface ColumnRow {
  table_name: string
  name: string
  type: string
  not_null: number
  default_sql: string | null
  key_position: number
  /** 2: generated when read; 3: generated when written. */
  hidden: number
}

export interface IndexRow {
  table_name: string
  name: string
  is_unique: number
  /** `c`: CREATE INDEX; `u`: a unique constraint; `pk` */
  origin: string
  sql: string | null
  position: number
  /** Null for an expression. */
  column_name: string | null
  is_descending: number
}

export interface ForeignKeyRow {
  table_name: string
  id: number
  target: string
  column_name: string
  /** Null when the target's key is meant. */
  target_column: string | null
  on_update: string
  on_delete: string
}

export interface Rows {
  readonly tables: readonly TableRow[]
  readonly columns: readonly ColumnRow[]
  readonly indexes: readonly IndexRow[]
  readonly foreignKeys: readonly ForeignKeyRow[]
}

/** All there is about a schema, in one snapshot. Virtual tables and what they store in are left out, and SQLite's own. */
export function readRows(database: Database, schema: string): Promise<Rows> {
  const { sql } = database
  const stored = identifier(schema, 'sqlite_schema')
  return database.transaction(
    async () => ({
      tables: await sql<TableRow>`
        select t.name, s.sql, t.wr as without_rowid, t.strict
        from pragma_table_list t join ${stored} s on s.name = t.name and s.type = 'table'
        where t.schema = ${schema} and t.type = 'table' and t.name not like 'sqlite\\_%' escape '\\'`,
      columns: await sql<ColumnRow>`
        select t.name as table_name, c.name, c.type, c."notnull" as not_null, c.dflt_value as default_sql, c.pk as key_position, c.hidden
        from pragma_table_list t, pragma_table_xinfo(t.name, t.schema) c
        where t.schema = ${schema} and t.type = 'table' order by t.name, c.cid`,
      indexes: await sql<IndexRow>`
        select t.name as table_name, l.name, l."unique" as is_unique, l.origin, s.sql, x.seqno as position, x.name as column_name, x."desc" as is_descending
        from pragma_table_list t, pragma_index_list(t.name, t.schema) l, pragma_index_xinfo(l.name, t.schema) x
        left join ${stored} s on s.name = l.name and s.type = 'index'
        where t.schema = ${schema} and t.type = 'table' and x.key = 1 order by t.name, l.name, x.seqno`,
      foreignKeys: await sql<ForeignKeyRow>`
        select t.name as table_name, f.id, f."table" as target, f."from" as column_name, f."to" as target_column, f.on_update, f.on_delete
        from pragma_table_list t, pragma_foreign_key_list(t.name, t.schema) f
        where t.schema = ${schema} and t.type = 'table' order by t.name, f.id, f.seq`,
    }),
    { readOnly: true },
  )
}
