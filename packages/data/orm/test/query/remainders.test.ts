import { expect, it } from '@jest/globals'
import { InvalidQueryError } from '../../src/errors.ts'
import { f, Model } from '../../src/index.ts'
import { onEachEngine } from '../support/engines.ts'

class Measure extends Model('remainder_measures', {
  id: f.id(),
  count: f.int(),
  large: f.bigint(),
  price: f.decimal(10, 2),
  ratio: f.float(),
  meta: f.json<{ n: number }>(),
}) {}

onEachEngine('remainders', (open) => {
  it('have the sign of what is divided, of whole numbers and decimals', async () => {
    await using space = await open([Measure])
    void space
    await Measure.createMany([7, -7].map((n) => ({ count: n, large: BigInt(n), price: `${n}.50`, ratio: n, meta: { n } })))
    const rows = await Measure.query()
      .select((c) => ({ count: c.count.mod(3), large: c.large.mod(3n), price: c.price.mod('3.00') }))
      .orderBy('id')
    expect(rows).toEqual([
      { count: 1, large: 1n, price: '1.50' },
      { count: -1, large: -1n, price: '-1.50' },
    ])
  })

  it('of floats are refused, because engines do not agree what they are', async () => {
    await using space = await open([Measure])
    await Measure.create({ count: 1, large: 1n, price: '1', ratio: 5.5, meta: { n: 5.5 } })
    space.clear()
    const refused = [
      Measure.query().select((c) => ({ rest: c.ratio.mod(2) })),
      Measure.query().select((c) => ({ rest: c.count.mod(c.ratio) })),
      Measure.where((c) => c.ratio.add(1).mod(2).gt(1)),
      Measure.query().select((c) => ({ rest: c.count.avg().over().mod(2) })),
      Measure.query().select((c) => ({ rest: c.meta.path('n').mod(2) })),
      Measure.query().select((c) => ({ rest: c.meta.path('n').mod(2.5) })),
    ]
    for (const query of refused) await expect(Promise.resolve<unknown>(query)).rejects.toThrow(InvalidQueryError)
    await expect(Promise.resolve(refused[0])).rejects.toThrow("'mod' takes whole numbers and decimals, and here is a value of type float")
    expect(space.statements).toEqual([])
  })
})
