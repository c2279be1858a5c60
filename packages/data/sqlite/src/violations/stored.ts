import type BetterSqlite from 'better-sqlite3'
import { areSameNames } from '../introspect/same-names.ts'
import { type NamedColumns, parseTable, type TableText } from '../introspect/parse-table.ts'

export interface StoredTable {
  readonly schema: string
  readonly name: string
}

/** The columns of a unique constraint or index, or of the primary key. */
export interface StoredKey {
  readonly table: StoredTable
  readonly index: string
  /** `c`: CREATE INDEX; `u`: a unique constraint; `pk` */
  readonly origin: string
  readonly columns: readonly string[]
}

export interface StoredReference {
  readonly table: string
  readonly columns: readonly string[]
  readonly target: string
  /** As `NO ACTION`. */
  readonly onUpdate: string
  readonly onDelete: string
}

/** Of every table whose name and a point are what the text begins with. */
export function keysAtHead(db: BetterSqlite.Database, text: string): StoredKey[] {
  const rows = all<{ schema: string; name: string; key: string; origin: string; column: string | null }>(
    db,
    `select t.schema, t.name, l.name as "key", l.origin, c.name as "column"
     from pragma_table_list t, pragma_index_list(t.name, t.schema) l, pragma_index_info(l.name, t.schema) c
     where substr(?, 1, length(t.name) + 1) = t.name || '.' and l."unique" order by t.schema, t.name, l.name, c.seqno`,
    text,
  )
  const groups = Map.groupBy(rows, ({ schema, name, key }) => JSON.stringify([schema, name, key]))
  return [...groups.values()].flatMap((parts) => {
    const [first] = parts
    if (!first) return []
    const { schema, name, key: index, origin } = first
    return [{ table: { schema, name }, index, origin, columns: parts.map(({ column }) => column ?? '') }]
  })
}

export function tablesOfIndex(db: BetterSqlite.Database, index: string): string[] {
  const sql = 'select t.name from pragma_table_list t, pragma_index_list(t.name, t.schema) l where l.name = ?'
  return all<{ name: string }>(db, sql, index).map(({ name }) => name)
}

/** Whatever is called so, in this schema or in any. */
export function tablesCalled(db: BetterSqlite.Database, name: string, schema: string | undefined): (StoredTable & { type: string })[] {
  const sql = `select schema, name, type from pragma_table_list
    where name = ? collate nocase and schema = ifnull(?, schema) collate nocase`
  return all(db, sql, name, schema ?? null)
}

/** Those of all tables of a schema. */
export function referencesIn(db: BetterSqlite.Database, schema: string): StoredReference[] {
  const rows = all<{ name: string; id: number; target: string; column: string; onUpdate: string; onDelete: string }>(
    db,
    `select t.name, f.id, f."table" as target, f."from" as "column", f.on_update as onUpdate, f.on_delete as onDelete
     from pragma_table_list t, pragma_foreign_key_list(t.name, t.schema) f where t.schema = ? order by t.name, f.id, f.seq`,
    schema,
  )
  const groups = Map.groupBy(rows, ({ name, id }) => JSON.stringify([name, id]))
  return [...groups.values()].flatMap((parts) => {
    const [first] = parts
    if (!first) return []
    const { name: table, target, onUpdate, onDelete } = first
    return [{ table, columns: parts.map(({ column }) => column), target, onUpdate, onDelete }]
  })
}

/** A temporary trigger may be about a table of any schema. */
export function hasTriggers(db: BetterSqlite.Database, { schema, name }: StoredTable): boolean {
  const among = (place: string): string => `select 1 from ${place}.sqlite_schema where type = 'trigger' and tbl_name = ? collate nocase`
  return all(db, `${among(quoted(schema))} union all ${among('temp')}`, name, name).length > 0
}

/** Its CREATE TABLE. */
export function sqlOf(db: BetterSqlite.Database, { schema, name }: StoredTable): string {
  const sql = `select sql from ${quoted(schema)}.sqlite_schema where type = 'table' and name = ? collate nocase`
  return all<{ sql: string }>(db, sql, name)[0]?.sql ?? ''
}

/** What its author called the constraint of these columns, as `introspect` tells it. */
export function nameIn(
  db: BetterSqlite.Database,
  { table, columns, among }: { table: StoredTable; columns: readonly string[]; among: keyof TableText & ('uniques' | 'foreignKeys') },
): string | undefined {
  const named: readonly NamedColumns[] = parseTable(sqlOf(db, table))?.[among] ?? []
  return named.find((constraint) => areSameNames(constraint.columns, columns))?.name
}

function all<Row>(db: BetterSqlite.Database, sql: string, ...params: unknown[]): Row[] {
  return db.prepare<unknown[], Row>(sql).all(...params)
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
