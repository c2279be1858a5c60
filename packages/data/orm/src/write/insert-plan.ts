import { sql } from 'kysely'
import type { Database } from '@covet/db'
import { givenSql, names, returningSql, textOf } from './sql-text.ts'
import type { WriteColumn } from './write-column.ts'
import type { Writer } from './writer.ts'

/** How a row with certain columns is inserted. */
export interface InsertPlan {
  readonly text: string
  /** Columns the row gives. */
  readonly present: readonly WriteColumn[]
  /** Columns the row does not give: what the engine puts there must be read. */
  readonly absent: readonly WriteColumn[]
  /** How the absent ones become known. */
  readonly answer: 'nothing' | 'id' | 'rows' | 'select'
}

/** @param returns whether the engine's INSERT can answer with rows */
export function insertPlan(
  { meta, dialect }: Writer,
  present: readonly WriteColumn[],
  absent: readonly WriteColumn[],
  database: Database,
  returns: boolean,
): InsertPlan {
  const answer = answerOf(absent, dialect, returns)
  const returning = answer === 'rows' ? returningSql(absent) : sql``
  const statement = sql`insert into ${sql.table(meta.table)} ${rowSql(present, dialect)}${returning}`
  return { text: textOf(statement, database), present, absent, answer }
}

/** PostgreSQL says a new row's number only when it is asked for the column; the others send it with every answer. */
function answerOf(absent: readonly WriteColumn[], dialect: string, returns: boolean): InsertPlan['answer'] {
  if (absent.length === 0) return 'nothing'
  if (dialect !== 'postgres' && absent.length === 1 && absent[0]?.counted) return 'id'
  return returns ? 'rows' : 'select'
}

function rowSql(present: readonly WriteColumn[], dialect: string): ReturnType<typeof sql> {
  if (present.length === 0) return dialect === 'mysql' ? sql`() values ()` : sql`default values`
  return sql`(${names(present)}) values (${givenSql(present, dialect)})`
}
