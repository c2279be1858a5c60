import type { Database, MaybePromise } from '@covet/db'
import { chained } from '../maybe.ts'
import { send } from './send.ts'

/** A table, a view or a virtual table of SQLite, and `trigger` where something may happen to it when rows are inserted. */
export type Kinds = ReadonlySet<unknown>

interface Known {
  readonly version: unknown
  readonly tables: Map<string, Kinds>
}

const known = new WeakMap<Database, Known>()

/**
 * What stands under that name in the main database, and in a transaction in the temporary one of its connection; nothing of what
 * is attached. Read again once the schema changed.
 */
export function kindsOf(table: string, database: Database): MaybePromise<Kinds> {
  // Of a transaction the version may be taken back, and then be that of another schema.
  if (database.inTransaction || database.inSandbox) return readKinds(table, database)
  return chained(send(database, 'select schema_version from pragma_schema_version', []), ({ rows }) => {
    const { tables } = knownAt(rows[0]?.[0], database)
    return (
      tables.get(table) ??
      chained(readKinds(table, database), (kinds) => {
        tables.set(table, kinds)
        return kinds
      })
    )
  })
}

function knownAt(version: unknown, database: Database): Known {
  const last = known.get(database)
  if (last?.version === version && last !== undefined) return last
  const next: Known = { version, tables: new Map() }
  known.set(database, next)
  return next
}

function readKinds(table: string, database: Database): MaybePromise<Kinds> {
  const text = `select case when type = 'table' and rootpage = 0 then 'virtual' else type end
    from (select * from sqlite_schema union all select * from sqlite_temp_schema)
    where tbl_name = ? collate nocase and (type in ('table', 'view') or type = 'trigger' and (instr(lower(sql), 'insert') or instr(lower(sql), 'replace')))`
  return chained(send(database, text, [table]), ({ rows }) => new Set(rows.map(([kind]) => kind)))
}

/** Whether the keys that it counts up for one INSERT follow on one another: triggers may store rows between them. */
export function countsAlone(kinds: Kinds): boolean {
  // RETURNING tells nothing of the keys of virtual tables, which have no triggers.
  return kinds.has('virtual') || (kinds.has('table') && !kinds.has('trigger'))
}
