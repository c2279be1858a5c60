import { expect, it } from '@jest/globals'
import { jsonValue } from '../../src/loading/to-json.ts'
import { onEachEngine } from '../support/engines.ts'
import { randomModel } from './random.ts'

const seeds = [1, 2, 3, 4, 5, 6]

/** What plain rows print: their values in the form instances print them. */
function plainJson(rows: readonly object[]): string {
  return JSON.stringify(rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, jsonValue(value)]))))
}

async function linesOf(source: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const part of source) parts.push(part)
  return Buffer.concat(parts).toString()
}

onEachEngine('JSON of random rows', (open) => {
  it('is byte for byte that of the objects, whatever the columns and values (Q21)', async () => {
    const samples = seeds.map((seed) => randomModel(`random_${seed}`, seed))
    await using space = await open(samples.map(({ model }) => model))
    void space
    for (const { model, properties, visible, rows } of samples) {
      await model.createMany(rows(120))
      const query = model.query().orderBy('id')
      const instances = await query
      expect(Buffer.from(await query.json()).toString()).toBe(JSON.stringify(instances))
      expect(await linesOf(query.ndjson({ batch: 50 }))).toBe(instances.map((instance) => `${JSON.stringify(instance)}\n`).join(''))
      const partly = query.only(...properties.slice(0, 3))
      expect(Buffer.from(await partly.json()).toString()).toBe(JSON.stringify(await partly))
      const plain = query.select(...visible.toReversed())
      expect(Buffer.from(await plain.json()).toString()).toBe(plainJson(await plain))
    }
  })
})
