// Stores rows in one call, through models or the driver alone, and prints what that cost this process.
import { peakMemory } from '@covet-benchmarks/common/memory'
import { collectGarbage } from '@covet-workspace/tooling/heap'
import { bind } from '@covet/orm'
import { connect, type Engine } from '../engine.ts'
import { rawBulk } from '../raw-bulk.ts'
import { Wide, wide, type WideRow } from '../wide.ts'

export interface BulkCost {
  /** Bytes: the most that the process had, more than before the call. */
  grown: number
  /** Milliseconds. */
  took: number
  /** Whether there is an id for each row, growing in the order of the input. */
  inOrder: boolean
}

const [engine = '', url = '', contender = '', count = ''] = process.argv.slice(2)
const store = contender === 'covet' ? throughModels : (rows: WideRow[]) => rawBulk[engine as Engine](url, rows)

await store([wide(-1), wide(-2)])
const rows = Array.from({ length: Number(count) }, (_, n) => wide(n))
collectGarbage()
const before = process.memoryUsage().rss
const started = performance.now()
const ids = await store(rows)
const took = performance.now() - started
const inOrder = ids.length === rows.length && ids.every((id, at) => at === 0 || id > (ids[at - 1] as number))
process.stdout.write(`cost ${JSON.stringify({ grown: peakMemory() - before, took, inOrder } satisfies BulkCost)}\n`)

async function throughModels(values: WideRow[]): Promise<number[]> {
  await using db = connect(engine as Engine, url)
  const unbind = bind([Wide], db)
  const stored = await Wide.createMany(values)
  unbind()
  if (stored.some(({ b }, at) => b !== values[at]?.b)) throw new Error('The rows came back in another order.')
  return stored.map(({ id }) => Number(id))
}
