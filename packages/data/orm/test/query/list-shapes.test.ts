import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from '@jest/globals'
import { onEachEngine } from '../support/engines.ts'
import { Item } from '../support/item.ts'
import type { ListShapes } from '../support/list-shapes-process.ts'

const run = promisify(execFile)
const program = fileURLToPath(new URL('../support/list-shapes-process.ts', import.meta.url))
const lists = 100_000
/** On a server each list takes a round trip, and MariaDB reads it value by value. */
const sentTo: Readonly<Record<string, number>> = { sqlite: lists, postgres: 5_000, mysql: 2_000 }

onEachEngine('lists in queries', (open, dialect) => {
  const sent = sentTo[dialect]
  const texts = dialect === 'mysql' ? 11 : 1

  // SQLite does not tell what is prepared.
  const beside = dialect === 'sqlite' ? '' : ', with at most 256 prepared statements'

  it(`compile to ${texts} text(s), 100,000 of 1 to 1,000 values, of which ${sent} are sent${beside} (ORM-20, trap 36)`, async () => {
    await using at = await open([Item])
    // In a process of its own, where it is faster than in Jest and nobody else compiles anything.
    const environment = { ...process.env, NODE_ENV: 'production' }
    const { stdout } = await run(process.execPath, [program, dialect, at.url, String(lists), String(sent)], { env: environment })
    const { grown, prepared, ...found } = JSON.parse(stdout) as ListShapes
    expect(found).toEqual({ lists, wrong: 0, shapes: texts, texts })
    expect(grown).toBeLessThan(3_000_000)
    if (prepared === undefined) return
    expect(prepared).toBeLessThanOrEqual(256)
    // The other queries are prepared at all, and push each other out.
    expect(prepared).toBeGreaterThan(100)
  }, 120_000)
})
