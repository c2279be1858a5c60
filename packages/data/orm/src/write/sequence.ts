import type { Database, MaybePromise } from '@covet/db'
import type { Batch } from './batches.ts'
import { send } from './send.ts'
import type { WriteColumn } from './write-column.ts'
import type { Writer } from './writer.ts'

/** How far a sequence is counted on in single steps. */
const steps = 1_000n

/** The counted column of rows that bring it themselves, past PostgreSQL's sequence: the next row without one would fail. */
export function ownNumber({ dialect, counted }: Writer, present: readonly WriteColumn[]): WriteColumn | undefined {
  return dialect === 'postgres' && counted !== undefined && present.includes(counted) ? counted : undefined
}

/** Counts the sequence on beyond the numbers that rows bring themselves. Never back: other sessions take some at the same time. */
export function advanceSequence(
  writer: Writer,
  batches: readonly Pick<Batch, 'rows' | 'present'>[],
  database: Database,
): MaybePromise<void> {
  let highest = 0n
  for (const { rows, present } of batches) {
    const column = ownNumber(writer, present)
    if (column === undefined) continue
    for (const { row } of rows) {
      const given = BigInt(row[column.index] as string | number | bigint)
      if (given > highest) highest = given
    }
  }
  return highest > 0n ? advance(writer.meta.table, writer.counted?.name ?? '', highest, database) : undefined
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
