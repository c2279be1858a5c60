import { sql } from 'kysely'
import type { Sql } from '../sql/dialect.ts'

/** What the list of a relation's rows is made of. */
export interface ListParts {
  /** One row, an array of JSON. */
  readonly row: Sql
  /** ` from … where …` */
  readonly rows: Sql
  /** ` order by …`, or nothing. */
  readonly order: Sql
  /** ` limit … offset …`; undefined without either. */
  readonly bounds: Sql | undefined
  /** Parameters. */
  readonly limit: Sql | undefined
  readonly offset: Sql | undefined
}

/** How an engine writes rows as JSON. */
export interface JsonSql {
  array(cells: Sql): Sql
  /** The rows as one array, in order. */
  list(parts: ListParts): Sql
  /** A list in a column of an answer. */
  answer(list: Sql): Sql
  /**
   * Lists come with the number of their rows: MariaDB cuts what is longer than `group_concat_max_len`, or than a packet, and
   * says so in a warning only.
   */
  readonly counted: boolean
}

const postgres: JsonSql = {
  counted: false,
  array: (cells) => sql`json_build_array(${cells})`,
  list: (parts) => {
    const whole = (item: Sql, order: Sql): Sql => sql`coalesce(json_agg(${item}${order}), '[]'::json)`
    return parts.bounds ? bounded(parts, whole) : sql`(select ${whole(parts.row, parts.order)}${parts.rows})`
  },
  // `distinct` compares text, and no JSON.
  answer: (list) => sql`${list}::text`,
}

const sqlite: JsonSql = {
  counted: false,
  array: (cells) => sql`json_array(${cells})`,
  list: (parts) =>
    parts.bounds
      ? bounded(parts, (item, order) => sql`json_group_array(json(${item})${order})`)
      : sql`(select json_group_array(${parts.row}${parts.order})${parts.rows})`,
  answer: (list) => list,
}

/** Rows are numbered within the limit: an aggregate need not keep the order of a table it is made of. */
function bounded({ row, rows, order, bounds }: ListParts, aggregate: (item: Sql, order: Sql) => Sql): Sql {
  const inner = sql`select ${row} as item, row_number() over (${order}) as place${rows}${order}${bounds ?? sql``}`
  return sql`(select ${aggregate(sql`item`, sql` order by place`)} from (${inner}) as bounded)`
}

/** MariaDB's aggregate has an order and a limit of its own, and its derived tables see nothing of the row around them. */
const mariadb: JsonSql = {
  counted: true,
  array: (cells) => sql`json_array(${cells})`,
  list: ({ row, rows, order, bounds = sql``, limit, offset }) => {
    const beyond = offset ? sql`greatest(cast(count(*) as signed) - ${offset}, 0)` : sql`count(*)`
    const count = limit ? sql`least(${beyond}, ${limit})` : beyond
    return sql`(select json_array(${count}, json_arrayagg(${row}${order}${bounds}))${rows})`
  },
  answer: (list) => list,
}

const engines: ReadonlyMap<string, JsonSql> = new Map([
  ['postgres', postgres],
  ['sqlite', sqlite],
  ['mysql', mariadb],
])

export function jsonSqlOf(dialect: string): JsonSql {
  return engines.get(dialect) ?? postgres
}
