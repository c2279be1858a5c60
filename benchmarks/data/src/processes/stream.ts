// Streams rows through a model, to their tenth and to their end, and prints what that cost this process.
import { heldBytes } from '@covet-workspace/tooling/heap'
import { bind } from '@covet/orm'
import { connect, type Engine } from '../engine.ts'
import { Sample } from '../sample.ts'

export interface StreamCost {
  /** Milliseconds of each reading that stopped after 10 rows. */
  breaks: number[]
  /** Bytes held more after them than before. */
  grownByBreaks: number
  /** Bytes held more at nine tenths of all rows than at one tenth. */
  grown: number
  /** Milliseconds for all rows. */
  took: number
  inOrder: boolean
  /** Connections that did not come back. */
  lent: number
}

const [engine = '', url = '', count = '', rounds = ''] = process.argv.slice(2)
const rows = Number(count)
const db = connect(engine as Engine, url)
bind([Sample], db)

await read(10)
await read(10)
const before = heldBytes()
const breaks: number[] = []
for (let round = 0; round < Number(rounds); round++) {
  const started = performance.now()
  await read(10)
  breaks.push(performance.now() - started)
}
const grownByBreaks = heldBytes() - before
const held: number[] = []
const started = performance.now()
const inOrder = (await read(rows, [Math.floor(rows / 10), Math.floor((rows * 9) / 10)])) === rows
const took = performance.now() - started
const pools = (await db.health()).flatMap((node) => Object.values(node.pools))
const lent = pools.reduce((sum, { total, idle }) => sum + total - idle, 0)
const grown = (held[1] ?? Number.NaN) - (held[0] ?? Number.NaN)
process.stdout.write(`cost ${JSON.stringify({ breaks, grownByBreaks, grown, took, inOrder, lent } satisfies StreamCost)}\n`)
await db.close()

/** How many of the rows came in their order. */
async function read(most: number, measuredAt: readonly number[] = []): Promise<number> {
  let seen = 0
  let inPlace = 0
  for await (const { place } of Sample.query().orderBy('id').stream()) {
    if (place === seen) inPlace += 1
    seen += 1
    if (measuredAt.includes(seen)) held.push(heldBytes())
    if (seen === most) break
  }
  return inPlace
}
