import type { Database, MaybePromise } from '@covet/db'
import type { Row } from '../hydrate/base-class.ts'
import { send } from './send.ts'
import type { WriteColumn } from './write-column.ts'
import type { Writer } from './writer.ts'

/** How far a sequence is counted on in single steps. */
const steps = 1_000n

/**
 * PostgreSQL's sequences do not follow keys that a row brings itself, so that the next row without one would fail. Counts
 * the sequence on beyond them. Never back: other sessions take numbers at the same time.
 */
export function advanceSequence({ meta }: Writer, counted: WriteColumn, rows: readonly Row[], database: Database): MaybePromise<void> {
  let highest = 0n
  for (const row of rows) {
    const given = BigInt(row[counted.index] as string | number | bigint)
    if (given > highest) highest = given
  }
  return highest > 0n ? advance(meta.table, counted.name, highest, database) : undefined
}

async function advance(table: string, column: string, highest: bigint, database: Database): Promise<void> {
  const sequence = 'pg_get_serial_sequence($1, $2)::regclass'
  const name = [`"${table.replaceAll('"', '""')}"`, column]
  const { rows } = await send(database, `select nextval(${sequence})`, name)
  const next = rows[0]?.[0]
  // The column may be numbered by something else than a sequence of its own.
  if (next === null || next === undefined) return
  const missing = highest - BigInt(next as string)
  if (missing <= 0n) return
  // Single steps cannot undo another session's.
  if (missing <= steps) await send(database, `select count(nextval(${sequence})) from generate_series(1, $3::bigint)`, [...name, missing])
  else await send(database, jump(sequence), [...name, highest])
}

/**
 * Sets the sequence unless another loader has set it further meanwhile: of those that jump each looks when the one before
 * is done, with its transaction if it is in one. Single steps are not held up, and do not come that far in between.
 */
function jump(sequence: string): string {
  return `select case when pg_sequence_last_value(${sequence}) < $3::bigint then setval(${sequence}, $3::bigint) end
    from (select pg_advisory_xact_lock(hashtextextended('@covet/orm ' || pg_get_serial_sequence($1, $2), 0))) as alone`
}
