import type { Database, MaybePromise } from '@covet/db'
import { InvalidQueryError } from '../errors.ts'
import type { Row } from '../hydrate/base-class.ts'
import type { Compiled } from '../sql/compile.ts'
import type { Chain } from './chain.ts'
import { readParams } from './run.ts'

export interface StreamOptions {
  /** How many rows are made what they are, with their relations, together. @default 500 */
  readonly batch?: number
}

/** A statement, and what its rows become. */
export interface Reading<R> extends Compiled {
  readonly values: readonly unknown[]
  make(rows: Row[]): MaybePromise<R[]>
}

const batchByDefault = 500

/** @throws {InvalidQueryError} when `batch` is no whole number above 0 */
export function streamRows<R>(
  reading: () => Reading<R>,
  chain: Chain,
  database: Database,
  { batch = batchByDefault }: StreamOptions = {},
): AsyncGenerator<R, void, undefined> {
  if (!Number.isSafeInteger(batch) || batch < 1) throw new InvalidQueryError('stream({ batch }) takes a whole number, 1 or more.')
  return rowsOf(reading(), chain, database, batch)
}

async function* rowsOf<R>(reading: Reading<R>, chain: Chain, database: Database, batch: number): AsyncGenerator<R, void, undefined> {
  const { text, values, make, numberColumns } = reading
  const { signal } = chain.running
  const params = readParams(reading, values, chain, database)
  let gathered: Row[] = []
  for await (const row of database.stream<Row>({ text, params, rowMode: 'text', numberColumns }, signal && { signal })) {
    // Of rows that were read at once the database does not ask any more.
    signal?.throwIfAborted()
    gathered.push(row)
    if (gathered.length < batch) continue
    yield* await make(gathered)
    gathered = []
  }
  if (gathered.length > 0) yield* await make(gathered)
}
