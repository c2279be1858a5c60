import { expect, it } from '@jest/globals'
import { belongsTo, caseWhen, exists, f, hasMany, lag, Model } from '../src/index.ts'
import { onEachEngine } from './support/engines.ts'

class Shop extends Model('chained_shops', { id: f.id(), offers: hasMany(() => Offer) }) {}
class Offer extends Model('chained_offers', {
  id: f.id(),
  shop: belongsTo(() => Shop),
  qty: f.int(),
  price: f.decimal(18, 2),
  rate: f.decimal(18, 2),
}) {}

const offers = [
  { shopId: 1, qty: 3, price: '10.05', rate: '1.10' },
  { shopId: 1, qty: -7, price: '-0.50', rate: '0.99' },
  { shopId: 2, qty: 2, price: '1234567.89', rate: '1.05' },
]

async function fill(): Promise<void> {
  await Shop.createMany([{}, {}])
  await Offer.createMany(offers)
}

/** Hundredths divided, half of one away from zero. */
function divided(of: bigint, by: bigint): bigint {
  const [size, divisor] = [of < 0n ? -of : of, by < 0n ? -by : by]
  const rounded = (2n * size + divisor) / (2n * divisor)
  return of < 0n === by < 0n ? rounded : -rounded
}

function units(decimal: string): bigint {
  return BigInt(decimal.replace('.', ''))
}

function written(hundredths: bigint): string {
  const digits = (hundredths < 0n ? -hundredths : hundredths).toString().padStart(3, '0')
  return `${hundredths < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

interface Operand {
  mul(by: string): Operand
  div(by: string): Operand
}

/** So many products with 1.10, 1.11 …, each but the first divided by 1.03 again. */
function chain(begin: unknown, length: number): never {
  let x = begin as Operand
  for (let step = 0; step < length; step += 1) x = step % 2 ? x.div('1.03') : x.mul(`1.${10 + step}`)
  return x as never
}

function chained(begin: bigint, length: number): string {
  let x = begin
  for (let step = 0; step < length; step += 1) x = step % 2 ? divided(x * 100n, 103n) : divided(x * BigInt(110 + step), 100n)
  return written(x)
}

onEachEngine('chains of products and quotients of decimals', (open, dialect) => {
  it('are rounded at each step, and their statement grows by as much with each (trap 23)', async () => {
    await using space = await open([Shop, Offer])
    await fill()
    const lengths: number[] = []
    for (const length of [6, 12, 18]) {
      space.clear()
      const rows = await Offer.query()
        .orderBy('id')
        .select((c) => ({ x: chain(c.price, length) }))
      expect(rows).toEqual(offers.map(({ price }) => ({ x: chained(units(price), length) })))
      lengths.push(space.statements[0]?.length ?? 0)
    }
    const [six = 0, twelve = 0, eighteen = 0] = lengths
    expect(twelve).toBeLessThan(6_000)
    expect(eighteen - twelve).toBeLessThan(1.1 * (twelve - six))
  })

  it('are the same behind any operand: a whole number, a choice, a rounding, a query', async () => {
    await using space = await open([Shop, Offer])
    await fill()
    const dearest = Offer.query().orderBy('price', 'desc').limit(1).select('price')
    space.clear()
    const rows = await Offer.query()
      .orderBy('id')
      .select((c) => ({
        whole: c.price.mul(c.qty).div(c.qty).mul(3).div(3).mul(2).div(2),
        both: c.price.mul(c.rate).mul(c.price.div(c.rate)).div(c.price.mul(c.rate)).div(c.rate.div('1.10')),
        chosen: chain(caseWhen(c.qty.gt(2), c.price.mul(c.rate)).else(c.price.coalesce('0')), 4),
        rounded: c.price.mul(c.rate).round(1).mul(c.rate).round(1).div(c.rate).round(),
        queried: c.price.mul(dearest as never).div(dearest as never),
      }))
    const by = (x: bigint, y: bigint): bigint => divided(x * y, 100n)
    const over = (x: bigint, y: bigint): bigint => divided(x * 100n, y)
    const tens = (x: bigint): bigint => divided(x, 10n) * 10n
    expect(rows).toEqual(
      offers.map(({ price, rate, qty }) => {
        const [p, r, most] = [units(price), units(rate), units('1234567.89')]
        return {
          whole: price,
          both: written(over(over(by(by(p, r), over(p, r)), by(p, r)), over(r, 110n))),
          chosen: chained(qty > 2 ? by(p, r) : p, 4),
          rounded: written(divided(over(tens(by(tens(by(p, r)), r)), r), 100n) * 100n),
          queried: written(over(by(p, most), most)),
        }
      }),
    )
    expect(space.statements[0]?.match(/ desc/gi)?.length).toBeLessThan(5)
  })

  it('are conditions, orders, groups and what is assigned', async () => {
    await using space = await open([Shop, Offer])
    await fill()
    const values = offers.map(({ price }) => chained(units(price), 6))
    const [first = '', second = ''] = values
    expect(await Offer.where((c) => (chain(c.price, 6) as typeof c.price).eq(first)).count()).toBe(1)
    const byChain = Offer.query().orderBy((c) => chain(c.price, 6))
    expect((await byChain).map(({ id }) => id)).toEqual([2, 1, 3])
    const groups = Offer.query().groupBy(
      (c) => ({ x: chain(c.price, 6) as typeof c.price }),
      (c) => ({ rows: c.id.count() }),
    )
    expect(await groups.orderBy('x').limit(2)).toEqual([second, first].map((x) => ({ x, rows: 1 })))
    space.clear()
    await Offer.where((c) => (chain(c.price, 6) as typeof c.price).lt('1000')).update((c) => ({ price: chain(c.price, 6) }))
    expect(space.statements.join('').length).toBeLessThan(8_000)
    expect((await Offer.query().orderBy('id')).map(({ price }) => price)).toEqual([first, second, '1234567.89'])
  })

  it('are of sums, and summed', async () => {
    await using space = await open([Shop, Offer])
    await fill()
    space.clear()
    const groups = await Offer.query()
      .groupBy(['shopId'], (c) => ({
        of: chain(c.price.sum(), 6),
        sum: (chain(c.price, 6) as typeof c.price).sum(),
        mean: c.price.sum().div(c.qty.count()).mul('1.10').mul('1.10'),
        some: chain((caseWhen(c.qty.gt(0), c.price) as unknown as typeof c.price).sum(), 6),
      }))
      .having((c) => (chain(c.price.sum(), 6) as typeof c.price).gt('0'))
      .orderBy('of')
    const sums = offers.map(({ price }) => units(chained(units(price), 6)))
    const [a = 0n, b = 0n, c = 0n] = offers.map(({ price }) => units(price))
    const mean = (total: bigint, rows: bigint): string => written(divided(divided(divided(total, rows) * 110n, 100n) * 110n, 100n))
    expect(groups).toEqual([
      { shopId: 1, of: chained(a + b, 6), sum: written((sums[0] ?? 0n) + (sums[1] ?? 0n)), mean: mean(a + b, 2n), some: chained(a, 6) },
      { shopId: 2, of: chained(c, 6), sum: written(sums[2] ?? 0n), mean: mean(c, 1n), some: chained(c, 6) },
    ])
    expect(space.statements[0]?.length).toBeLessThan(16_000)
    expect(await Offer.query().aggregate((c) => ({ x: chain(c.price.sum(), 12) }))).toEqual({ x: chained(a + b + c, 12) })
  })

  it('are of windows, of what is read beside them, and what a window is over', async () => {
    await using space = await open([Shop, Offer])
    await fill()
    space.clear()
    const rows = await Offer.query()
      .orderBy('id')
      .select((c) => ({
        share: c.price
          .mul(c.rate)
          .div(c.price.sum().over({ partitionBy: c.shopId }) as never)
          .mul('2.00'),
        running: (chain(c.price, 6) as typeof c.price).sum().over({ orderBy: c.id }),
        place: c.id.count().over({ orderBy: chain(c.price, 6) }),
        total: chain(c.price.sum().over({ partitionBy: c.shopId }), 6),
        beside: chain(c.price, 6),
      }))
    const price = offers.map((offer) => units(offer.price))
    const total = [955n, 955n, 123456789n]
    let running = 0n
    expect(rows).toEqual(
      offers.map(({ rate }, index) => {
        const [p = 0n, t = 0n] = [price[index], total[index]]
        running += units(chained(p, 6))
        const share = divided(divided(divided(p * units(rate), 100n) * 100n, t) * 200n, 100n)
        return { share: written(share), running: written(running), place: [2, 1, 3][index], total: chained(t, 6), beside: chained(p, 6) }
      }),
    )
    expect(space.statements[0]?.length).toBeLessThan(20_000)
    const percent = Offer.query().select((c) => ({ x: c.price.mul('100.00').div(c.price.sum().over({ partitionBy: c.shopId }) as never) }))
    expect(await percent.orderBy('id')).toEqual(price.map((p, index) => ({ x: written(divided(p * 10_000n, total[index] ?? 1n)) })))
    const before = Offer.query().select((c) => ({ x: c.price.mul(lag(c.price).over({ orderBy: c.id }) as never) }))
    const [p = 0n, q = 0n, r = 0n] = price
    expect(await before.orderBy('id')).toEqual([{ x: null }, { x: written(divided(p * q, 100n)) }, { x: written(divided(q * r, 100n)) }])
    const annotated = await Offer.where('shopId', 1)
      .annotate((c) => ({ total: chain(c.price.sum().over(), 12) as typeof c.price }))
      .with({ shop: true })
      .orderBy('id')
      .limit(1)
    expect(annotated.map(({ id, shop, total }) => [id, shop.id, total])).toEqual([[1, 1, chained(955n, 12)]])
    expect(space.statements.at(-1)?.length).toBeLessThan(8_000)
  })

  it('are of windows over rows that are locked, where the engine has that', async () => {
    await using space = await open([Shop, Offer])
    await fill()
    const locked = space.db.transaction(async () => {
      const query = Offer.query().lock('update').orderBy('id')
      return await query.select((c) => ({ x: chain(c.price.sum().over({ partitionBy: c.shopId }), 3) as typeof c.price }))
    })
    if (dialect === 'sqlite') await expect(locked).rejects.toThrow('SQLite has no row locks')
    else if (dialect === 'postgres') await expect(locked).rejects.toMatchObject({ code: 'db/query-failed' })
    else expect(await locked).toEqual([955n, 955n, 123456789n].map((sum) => ({ x: chained(sum, 3) })))
  })

  it('are of aggregates over a relation, of columns of one, and in a condition on one', async () => {
    await using space = await open([Shop, Offer])
    await fill()
    space.clear()
    const shops = await Shop.query()
      .orderBy('id')
      .select((c) => ({
        of: chain(c.offers.price.sum(), 6),
        sum: (chain(c.offers.price, 6) as typeof c.offers.price).sum(),
        counted: c.offers.price.sum().mul(c.offers.count()).div(c.offers.count()),
      }))
    const [a = 0n, b = 0n, d = 0n] = offers.map(({ price }) => units(chained(units(price), 6)))
    expect(shops).toEqual([
      { of: chained(955n, 6), sum: written(a + b), counted: '9.55' },
      { of: chained(123456789n, 6), sum: written(d), counted: '1234567.89' },
    ])
    expect(space.statements[0]?.length).toBeLessThan(12_000)
    expect(await Shop.where((c) => c.offers.any((o) => (chain(o.price, 6) as typeof o.price).gt('1000'))).count()).toBe(1)
    const byShop = await Offer.query()
      .orderBy('id')
      .select((c) => ({ x: chain(c.price.mul(c.shop.id), 4) }))
    expect(byShop).toEqual(offers.map(({ price, shopId }) => ({ x: chained(units(price) * BigInt(shopId), 4) })))
  })

  it('are of sums of what no column is in', async () => {
    await using space = await open([Shop, Offer])
    void space
    await fill()
    const one = caseWhen(exists(Shop.where('id', 1)), 1).else(0)
    const sums = await Offer.query().aggregate((c) => ({ x: c.price.sum().mul((one as unknown as typeof c.qty).sum()) }))
    expect(sums).toEqual({ x: '3703732.32' })
  })

  it('are of a window over sums', async () => {
    await using space = await open([Shop, Offer])
    void space
    await fill()
    const sums = Offer.query().aggregate((c) => ({ x: chain((c.price.sum() as unknown as typeof c.price).sum().over(), 3) }))
    expect(await sums).toEqual({ x: chained(123457744n, 3) })
  })

  it('are of sums with a window over the groups', async () => {
    await using space = await open([Shop, Offer])
    void space
    await fill()
    const groups = await Offer.query()
      .groupBy(['shopId'], (c) => ({
        x: c.price.sum().mul('1.10').div('1.10'),
        place: c.shopId.count().over({ orderBy: c.shopId }) as never,
      }))
      .orderBy('shopId')
    expect(groups).toEqual([
      { shopId: 1, x: '9.55', place: 1 },
      { shopId: 2, x: '1234567.89', place: 2 },
    ])
  })
})
