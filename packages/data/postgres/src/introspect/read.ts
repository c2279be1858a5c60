import { type Database, type Fragment, fragment } from '@covet/db'

export interface TableRow {
  name: string
  comment: string | null
}

export interface ColumnRow {
  table_name: string
  name: string
  native: string
  not_null: boolean
  default_sql: string | null
  /** `a`: always; `d`: by default; empty: none. */
  identity: string
  /** `s`: stored; `v`: virtual; empty: none. */
  generated: string
  is_serial: boolean
  /** JSON: the labels of an enum type. */
  labels: string | null
  comment: string | null
}

export interface ConstraintRow {
  table_name: string
  name: string
  /** `p`: primary key; `u`: unique; `f`: foreign key; `c`: check. */
  kind: string
  /** JSON: names in the order of the constraint. */
  columns: string | null
  target_schema: string | null
  target: string | null
  /** JSON */
  target_columns: string | null
  on_delete: string
  on_update: string
  is_deferrable: boolean
  is_deferred: boolean
  check_sql: string | null
  nulls_not_distinct: boolean | null
}

export interface IndexRow {
  table_name: string
  name: string
  is_unique: boolean
  method: string
  where_sql: string | null
  nulls_not_distinct: boolean | null
  key_count: number
  /** JSON: {@link IndexPartRow}s, those beside the key last. */
  parts: string
}

export interface IndexPartRow {
  column: string | null
  sql: string
  is_descending: boolean
  has_nulls_first: boolean
  /** Absent: the usual one of the type. */
  operator_class: string | null
}

export interface Rows {
  readonly schema: string
  readonly tables: readonly TableRow[]
  readonly columns: readonly ColumnRow[]
  readonly constraints: readonly ConstraintRow[]
  readonly indexes: readonly IndexRow[]
}

/** All there is about a schema. Lists come as JSON text, which no setting of a driver reads differently. */
export async function readRows(database: Database, schema: string | undefined): Promise<Rows> {
  return database.transaction(
    async () => {
      const { sql } = database
      const found = await sql.first<{ name: string }>`select coalesce(${schema ?? null}::text, current_schema()) as name`
      const name = found?.name ?? 'public'
      const from = tablesOf(name)
      return {
        schema: name,
        tables: await sql<TableRow>`select c.relname as name, obj_description(c.oid, 'pg_class') as comment from ${from}`,
        columns: await readColumns(database, from),
        constraints: await readConstraints(database, from),
        indexes: await readIndexes(database, from),
      }
    },
    { readOnly: true },
  )
}

/** The tables, but for partitions, which are described by their parents, and those of extensions. */
function tablesOf(schema: string): Fragment {
  return fragment`(
    select c.oid, c.relname from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where n.nspname = ${schema} and c.relkind in ('r', 'p') and not c.relispartition and not exists (
      select from pg_catalog.pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
  ) c`
}

function readColumns({ sql }: Database, tables: Fragment): Promise<ColumnRow[]> {
  return sql<ColumnRow>`
    select c.relname as table_name, a.attname as name, format_type(a.atttypid, a.atttypmod) as native, a.attnotnull as not_null,
      pg_get_expr(d.adbin, d.adrelid) as default_sql, a.attidentity::text as identity, a.attgenerated::text as generated,
      exists (
        select from pg_catalog.pg_depend s join pg_catalog.pg_class q on q.oid = s.objid and q.relkind = 'S'
        where s.classid = 'pg_class'::regclass and s.refclassid = 'pg_class'::regclass and s.refobjid = c.oid and s.refobjsubid = a.attnum and s.deptype = 'a'
      ) as is_serial,
      (
        select json_agg(e.enumlabel order by e.enumsortorder)::text from pg_catalog.pg_enum e
        join pg_catalog.pg_type t on t.oid = a.atttypid where e.enumtypid in (t.oid, t.typelem)
      ) as labels,
      col_description(c.oid, a.attnum) as comment
    from ${tables}
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_catalog.pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    order by c.relname, a.attnum`
}

function readConstraints({ sql }: Database, tables: Fragment): Promise<ConstraintRow[]> {
  return sql<ConstraintRow>`
    select c.relname as table_name, k.conname as name, k.contype::text as kind, ${columnList('k.conrelid', 'k.conkey')} as columns,
      fn.nspname as target_schema, fc.relname as target, ${columnList('k.confrelid', 'k.confkey')} as target_columns,
      k.confdeltype::text as on_delete, k.confupdtype::text as on_update, k.condeferrable as is_deferrable, k.condeferred as is_deferred,
      pg_get_expr(k.conbin, k.conrelid) as check_sql, (to_jsonb(i) ->> 'indnullsnotdistinct')::boolean as nulls_not_distinct
    from ${tables}
    join pg_catalog.pg_constraint k on k.conrelid = c.oid and k.contype in ('p', 'u', 'f', 'c') and k.conparentid = 0
    left join pg_catalog.pg_class fc on fc.oid = k.confrelid
    left join pg_catalog.pg_namespace fn on fn.oid = fc.relnamespace
    left join pg_catalog.pg_index i on i.indexrelid = k.conindid and k.contype = 'u'
    order by c.relname, k.conname`
}

const lists = {
  'k.conkey': fragment`unnest(k.conkey)`,
  'k.confkey': fragment`unnest(k.confkey)`,
  'k.conrelid': fragment`k.conrelid`,
  'k.confrelid': fragment`k.confrelid`,
}

function columnList(table: 'k.conrelid' | 'k.confrelid', numbers: 'k.conkey' | 'k.confkey'): Fragment {
  return fragment`(
    select json_agg(a.attname order by u.position)::text from ${lists[numbers]} with ordinality u (attnum, position)
    join pg_catalog.pg_attribute a on a.attrelid = ${lists[table]} and a.attnum = u.attnum)`
}

/** Indexes that a constraint brought belong to the constraint; one whose creation failed is none. */
function readIndexes({ sql }: Database, tables: Fragment): Promise<IndexRow[]> {
  return sql<IndexRow>`
    select c.relname as table_name, ic.relname as name, i.indisunique as is_unique, am.amname as method,
      pg_get_expr(i.indpred, i.indrelid) as where_sql, (to_jsonb(i) ->> 'indnullsnotdistinct')::boolean as nulls_not_distinct, i.indnkeyatts as key_count,
      (
        select json_agg(json_build_object(
          'column', a.attname, 'sql', pg_get_indexdef(i.indexrelid, n, true),
          'is_descending', n <= i.indnkeyatts and i.indoption[n - 1] & 1 = 1, 'has_nulls_first', n <= i.indnkeyatts and i.indoption[n - 1] & 2 = 2,
          'operator_class', o.opcname) order by n)::text
        from generate_series(1, i.indnatts) n
        left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[n - 1] and a.attnum > 0
        left join pg_catalog.pg_opclass o on n <= i.indnkeyatts and o.oid = i.indclass[n - 1] and not o.opcdefault
      ) as parts
    from ${tables}
    join pg_catalog.pg_index i on i.indrelid = c.oid and i.indisvalid
    join pg_catalog.pg_class ic on ic.oid = i.indexrelid
    join pg_catalog.pg_am am on am.oid = ic.relam
    where not exists (select from pg_catalog.pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
    order by c.relname, ic.relname`
}
