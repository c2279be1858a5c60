import type { Database } from '@covet/db'
import { InvalidQueryError } from '../errors.ts'
import type { Chain } from '../query/chain.ts'
import { readParams } from '../query/run.ts'
import { type JsonPlan, jsonPlanOf } from './plan.ts'
import { isRun, type RawRows, writeRow, writeRun, type Writing } from './rows.ts'
import { Slab } from './slab.ts'

const newline = 0x0a
const rowsByDefault = 500
/** Bytes after which a batch ends before it has its rows. */
const enough = 1024 * 1024

export interface NdjsonOptions {
  readonly batch?: number
}

/**
 * The rows of a query as lines of JSON, a batch at a time; the next is read when the last was taken. A batch ends early
 * when it holds a megabyte.
 * @param objects gives them one by one, where their JSON is not that of their columns
 * @throws {InvalidQueryError} when `batch` is no whole number above 0
 */
export function readNdjson(
  chain: Chain,
  database: Database,
  objects: (batch: number) => AsyncIterable<unknown>,
  { batch = rowsByDefault }: NdjsonOptions = {},
): AsyncGenerator<Buffer, void, undefined> {
  if (!Number.isSafeInteger(batch) || batch < 1) throw new InvalidQueryError('ndjson({ batch }) takes a whole number, 1 or more.')
  const values = chain.values()
  const plan = jsonPlanOf(chain, database, values)
  return plan ? linesOfRows(plan, values, chain, database, batch) : linesOfObjects(objects(batch), batch)
}

async function* linesOfRows(
  plan: JsonPlan,
  values: readonly unknown[],
  chain: Chain,
  database: Database,
  batch: number,
): AsyncGenerator<Buffer, void, undefined> {
  const { columns, text } = plan
  const { signal } = chain.running
  const lines = new Lines({ columns, after: newline }, batch)
  const params = readParams(plan, values, chain, database)
  for await (const rows of database.stream<RawRows>({ text, params, rowMode: 'bytes' }, signal && { signal })) yield* lines.add(rows)
  yield* lines.rest()
}

async function* linesOfObjects(objects: AsyncIterable<unknown>, batch: number): AsyncGenerator<Buffer, void, undefined> {
  let gathered: string[] = []
  let size = 0
  for await (const object of objects) {
    const line = `${JSON.stringify(object)}\n`
    gathered.push(line)
    size += line.length
    if (gathered.length < batch && size < enough) continue
    yield Buffer.from(gathered.join(''))
    gathered = []
    size = 0
  }
  if (gathered.length > 0) yield Buffer.from(gathered.join(''))
}

/** Lines on their way into batches. */
class Lines {
  readonly #slab = new Slab()
  readonly #writing: Writing
  readonly #batch: number
  #rows = 0

  constructor(writing: Writing, batch: number) {
    this.#writing = writing
    this.#batch = batch
  }

  *add(rows: RawRows): Generator<Buffer, void, undefined> {
    if (isRun(rows)) yield* this.#addRun(rows)
    else {
      writeRow(this.#slab, rows, this.#writing)
      this.#rows += 1
      if (this.#isFull) yield this.#take()
    }
  }

  *rest(): Generator<Buffer, void, undefined> {
    if (this.#rows > 0) yield this.#take()
  }

  *#addRun(run: Buffer): Generator<Buffer, void, undefined> {
    for (let at = 0; at < run.length;) {
      const written = writeRun(this.#slab, run, at, this.#writing, this.#batch - this.#rows, enough)
      at = written.at
      this.#rows += written.rows
      if (this.#isFull) yield this.#take()
    }
  }

  get #isFull(): boolean {
    return this.#rows >= this.#batch || this.#slab.end >= enough
  }

  #take(): Buffer {
    this.#rows = 0
    return this.#slab.take()
  }
}
