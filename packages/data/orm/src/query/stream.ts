import type { Database } from '@covet/db'
import { InvalidQueryError } from '../errors.ts'
import type { Row } from '../hydrate/base-class.ts'
import type { Chain } from './chain.ts'
import { loaded, readPlanOf } from './read.ts'

export interface StreamOptions {
  /** How many instances are made, and have their relations loaded, together. @default 500 */
  readonly batch?: number
}

const batchByDefault = 500

/**
 * The instances of a query one by one, without all of them in memory. Ending the iteration, by `break` or an error too,
 * closes what it reads from.
 * @throws {InvalidQueryError} when `batch` is no whole number above 0
 */
export function streamInstances(chain: Chain, database: Database, { batch = batchByDefault }: StreamOptions = {}): AsyncGenerator<object, void, undefined> {
  if (!Number.isSafeInteger(batch) || batch < 1) throw new InvalidQueryError('stream({ batch }) takes a whole number, 1 or more.')
  return instances(chain, database, batch)
}

async function* instances(chain: Chain, database: Database, batch: number): AsyncGenerator<object, void, undefined> {
  const values = chain.values()
  const plan = readPlanOf(chain, database, values)
  const { signal } = chain.running
  const rows = database.stream<Row>({ text: plan.text, params: plan.bind(values), rowMode: 'text' }, signal && { signal })
  let gathered: Row[] = []
  for await (const row of rows) {
    gathered.push(row)
    if (gathered.length < batch) continue
    yield* await loaded(plan, gathered, values, chain, database)
    gathered = []
  }
  if (gathered.length > 0) yield* await loaded(plan, gathered, values, chain, database)
}
