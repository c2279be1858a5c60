import { expect, it } from '@jest/globals'
import { caseWhen, f, Model } from '../../src/index.ts'
import { onEachEngine } from '../support/engines.ts'

class Reading extends Model('readings', { id: f.id(), meter: f.int(), value: f.int().nullable() }) {}

const third = 50 / 3
const largest = Number.MAX_SAFE_INTEGER

async function fill(): Promise<void> {
  await Reading.createMany([
    ...[10, 20, 20, null].map((value) => ({ meter: 1, value })),
    ...[largest, largest - 1, largest].map((value) => ({ meter: 2, value })),
  ])
}

onEachEngine('averages of whole numbers', (open) => {
  it('have the digits of a double, of all rows, of some and of what is computed', async () => {
    await using _ = await open([Reading])
    await fill()
    const first = Reading.where('meter', 1)
    expect(
      await first.aggregate((c) => ({
        mean: c.value.avg(),
        some: c.value.avg().filter(c.value.lt(20)),
        more: c.value.add(1).avg(),
        share: caseWhen(c.value.eq(10), 1).else(0).avg(),
        times: c.value.avg().mul(3),
        rounded: c.value.avg().round(2),
        none: c.value.avg().filter(c.value.gt(20)),
      })),
    ).toEqual({ mean: third, some: 10, more: third + 1, share: 1 / 4, times: 50, rounded: 16.67, none: null })
    expect(await first.where('value', '!=', 0).aggregate((c) => ({ share: caseWhen(c.value.eq(10), 1).else(0).avg() }))).toEqual({
      share: 1 / 3,
    })
  })

  it('are those of windows and groups too, by which groups are chosen and ordered', async () => {
    await using _ = await open([Reading])
    await fill()
    const running = await Reading.where('meter', 1)
      .orderBy('id')
      .select((c) => ({ mean: c.value.avg().over({ orderBy: c.id }) }))
    expect(running).toEqual([{ mean: 10 }, { mean: 15 }, { mean: third }, { mean: third }])
    const groups = Reading.query().groupBy(['meter'], (c) => ({ mean: c.value.avg() }))
    expect(await groups.orderBy('mean', 'desc')).toEqual([
      { meter: 2, mean: largest },
      { meter: 1, mean: third },
    ])
    expect(await groups.having((c) => c.mean.eq(third))).toEqual([{ meter: 1, mean: third }])
    const above = Reading.query().annotate((c) => ({ mean: c.value.avg().over({ partitionBy: c.meter }) }))
    expect(await above.where('mean', '>', third).count()).toBe(3)
  })
})
