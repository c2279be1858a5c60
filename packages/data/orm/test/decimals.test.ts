import { expect, it } from '@jest/globals'
import { InvalidQueryError, InvalidValueError } from '../src/errors.ts'
import { caseWhen, f, Model, raw } from '../src/index.ts'
import { onEachEngine } from './support/engines.ts'

class Item extends Model('decimal_items', {
  id: f.id(),
  qty: f.int(),
  rate: f.float(),
  name: f.text(),
  price: f.decimal(10, 2).nullable(),
  cost: f.decimal(12, 2),
  fine: f.decimal(10, 4),
  large: f.decimal(30, 2),
}) {}

class Account extends Model('decimal_accounts', {
  id: f.id(),
  balance: f.decimal(18, 2),
  rate: f.decimal(18, 2),
  qty: f.int(),
}) {}

/** A decimal in hundredths. */
function units(decimal: string): bigint {
  return BigInt(decimal.replace('.', ''))
}

/** Hundredths divided, half of one away from zero. */
function written(of: bigint, by: bigint): string {
  const [size, divisor] = [of < 0n ? -of : of, by < 0n ? -by : by]
  const rounded = (2n * size + divisor) / (2n * divisor)
  const digits = rounded.toString().padStart(3, '0')
  return `${rounded !== 0n && of < 0n !== by < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

const values = { qty: 3, rate: 1.5, name: 'a', price: '1.50', cost: '2.00', fine: '2.0000', large: '12345678901234567890.10' }
/** What the types refuse already, for those who write without them. */
const untyped = (expression: unknown): never => expression as never

onEachEngine('decimals in expressions', (open, dialect) => {
  it('are multiplied and divided by whole numbers and by decimals of their scale', async () => {
    await using space = await open([Item])
    void space
    await Item.create(values)
    const [row] = await Item.query().select((c) => ({
      times: c.price.mul(c.qty),
      timesValue: c.price.mul(3),
      timesFraction: c.price.mul('1.25'),
      share: c.price.div(c.qty),
      third: c.cost.div(c.qty),
      half: c.price.div(2),
      product: c.price.mul(c.cost),
      quotient: c.price.div(c.cost),
      negative: c.price.mul(-1).div(c.qty.add(1)),
      total: c.price.mul(c.qty).sum().over(),
    }))
    expect(row).toEqual({
      times: '4.50',
      timesValue: '4.50',
      timesFraction: '1.88',
      share: '0.50',
      third: '0.67',
      half: '0.75',
      product: '3.00',
      quotient: '0.75',
      negative: '-0.38',
      total: '4.50',
    })
  })

  it('are added, subtracted, chosen and replaced in one scale', async () => {
    await using space = await open([Item])
    void space
    await Item.create(values)
    const [row] = await Item.query().select((c) => ({
      sum: c.price.add(c.cost),
      one: c.price.add('0.1').add('0.2'),
      rest: c.price.sub(2),
      mod: c.cost.mod(c.price),
      either: c.price.coalesce(c.cost),
      chosen: caseWhen(c.qty.gt(2), c.price).else(c.cost),
    }))
    expect(row).toEqual({ sum: '3.50', one: '1.80', rest: '-0.50', mod: '0.50', either: '1.50', chosen: '1.50' })
  })

  it('compute exactly what a double cannot hold', async () => {
    await using space = await open([Item])
    void space
    await Item.create({ ...values, cost: '1234567890.12' })
    const [row] = await Item.query().select((c) => ({
      times: c.cost.mul(9000000),
      wide: c.price.mul(9000000000),
      sum: c.cost.mul(c.qty).add('0.01'),
    }))
    expect(row).toEqual({ times: '11111111011080000.00', wide: '13500000000.00', sum: '3703703670.37' })
  })

  it('of 18 digits keep them all, whatever they are multiplied with, divided by and rounded to (trap 23)', async () => {
    await using space = await open([Account])
    void space
    await Account.create({ balance: '9999999999999999.99', rate: '1.00', qty: 1 })
    const [row] = await Account.query().select((c) => ({
      times: c.balance.mul(1),
      big: c.balance.mul(untyped(1n)),
      timesColumn: c.balance.mul(c.qty),
      share: c.balance.div(1),
      third: c.balance.div(3),
      product: c.balance.mul('1'),
      half: c.balance.mul('0.50'),
      negative: c.balance.mul('-0.99'),
      column: c.balance.mul(c.rate),
      quotient: c.balance.div(c.rate),
      double: c.balance.div('2.00'),
      rounded: c.balance.sub('0.05').round(1),
      same: c.balance.round(2),
      more: c.balance.round(4),
      total: c.balance.sum().over(),
    }))
    expect(row).toEqual({
      times: '9999999999999999.99',
      big: '9999999999999999.99',
      timesColumn: '9999999999999999.99',
      share: '9999999999999999.99',
      third: '3333333333333333.33',
      product: '9999999999999999.99',
      half: '5000000000000000.00',
      negative: '-9899999999999999.99',
      column: '9999999999999999.99',
      quotient: '9999999999999999.99',
      double: '5000000000000000.00',
      rounded: '9999999999999999.90',
      same: '9999999999999999.99',
      more: '9999999999999999.99',
      total: '9999999999999999.99',
    })
    expect(await Account.where((c) => c.balance.mul(1).eq('9999999999999999.99')).count()).toBe(1)
    await Account.where('qty', 1).update((c) => ({ balance: c.balance.mul('-1.00') }))
    expect(await Account.query().first()).toMatchObject({ balance: '-9999999999999999.99' })
  })

  it('are written with all their digits when they are rounded to fewer, or to more', async () => {
    await using space = await open([Item])
    void space
    await Item.createMany(['2.33', '-0.50', '0.01', '100.00'].map((price) => ({ ...values, price })))
    const rows = await Item.query()
      .orderBy('id')
      .select((c) => ({ none: c.price.round(), one: c.price.round(1), all: c.price.round(2), more: c.price.round(5) }))
    expect(rows).toEqual([
      { none: '2.00', one: '2.30', all: '2.33', more: '2.33' },
      { none: '-1.00', one: '-0.50', all: '-0.50', more: '-0.50' },
      { none: '0.00', one: '0.00', all: '0.01', more: '0.01' },
      { none: '100.00', one: '100.00', all: '100.00', more: '100.00' },
    ])
    const groups = Item.query().groupBy(
      (c) => ({ price: c.price.round() }),
      (c) => ({ rows: c.id.count(), total: c.cost.sum().round(1) }),
    )
    expect(await groups.orderBy('price')).toEqual(['-1.00', '0.00', '2.00', '100.00'].map((price) => ({ price, rows: 1, total: '2.00' })))
    expect(await Item.where((c) => c.price.round(1).eq('2.3')).count()).toBe(1)
    expect(await Item.where((c) => c.price.round(1).add('0.07').eq('2.37')).count()).toBe(1)
    await Item.where('price', '2.33').update((c) => ({ price: c.price.round(1) }))
    expect(await Item.query().orderBy('id').first()).toMatchObject({ price: '2.30' })
  })

  it('are compared with a value of their own digits, zeros behind not counted', async () => {
    await using space = await open([Item])
    await Item.createMany([values, { ...values, price: '9.99' }])
    expect(await Item.where('price', '>', '9.980').count()).toBe(1)
    expect(await Item.where('price', '<', 9).count()).toBe(1)
    space.clear()
    for (const value of ['9.985', 9.985, '123456789.00'])
      for (const query of [
        () => Item.where('price', '>', value),
        () => Item.where('price', 'between', [value, value]),
        () => Item.where((c) => c.price.mul('1.1').gt(untyped(value))),
      ])
        expect(query).toThrow(InvalidValueError)
    expect(space.statements).toEqual([])
  })

  it('are rounded away from zero in their last digit, as by hand', async () => {
    await using space = await open([Account])
    void space
    const sides = ['0.00', '0.01', '-0.01', '0.05', '-0.05', '0.99', '1.00', '-1.01', '2.50', '7.77', '-12345.67']
    await Account.createMany(sides.flatMap((balance) => sides.map((rate, qty) => ({ balance, rate, qty: qty - 5 }))))
    const rows = await Account.query().select((c) => ({
      balance: c.balance,
      rate: c.rate,
      qty: c.qty,
      product: c.balance.mul(c.rate),
      times: c.balance.mul(c.qty),
    }))
    const quotients = await Account.where('rate', '!=', '0')
      .where('qty', '!=', 0)
      .select((c) => ({ balance: c.balance, rate: c.rate, qty: c.qty, quotient: c.balance.div(c.rate), share: c.balance.div(c.qty) }))
    for (const { balance, rate, qty, product, times } of rows) {
      expect([balance, rate, product]).toEqual([balance, rate, written(units(balance) * units(rate), 100n)])
      expect([balance, qty, times]).toEqual([balance, qty, written(units(balance) * BigInt(qty), 1n)])
    }
    for (const { balance, rate, qty, quotient, share } of quotients) {
      expect([balance, rate, quotient]).toEqual([balance, rate, written(units(balance) * 100n, units(rate))])
      expect([balance, qty, share]).toEqual([balance, qty, written(units(balance), BigInt(qty))])
    }
  })

  it('that outgrow 64 bits on SQLite are an error, and exact elsewhere (trap 23)', async () => {
    await using space = await open([Account])
    void space
    await Account.create({ balance: '9999999999999999.99', rate: '100.00', qty: 100 })
    const beyond = { code: 'db/query-failed', message: expect.stringContaining('integer overflow') }
    const large: [() => PromiseLike<unknown>, string, unknown?][] = [
      [() => Account.query().select((c) => ({ x: c.balance.mul(100) })), '999999999999999999.00'],
      [() => Account.query().select((c) => ({ x: c.balance.mul(c.qty) })), '999999999999999999.00'],
      [() => Account.query().select((c) => ({ x: c.balance.mul(c.qty).div(c.qty) })), '9999999999999999.99'],
      [() => Account.query().select((c) => ({ x: c.balance.mul(c.rate) })), '999999999999999999.00'],
      [() => Account.query().select((c) => ({ x: c.balance.mul(c.rate).div(c.rate) })), '9999999999999999.99'],
      [() => Account.query().select((c) => ({ x: c.balance.div('0.01') })), '999999999999999999.00'],
      [() => Account.query().select((c) => ({ x: c.balance.mul('-100') })), '-999999999999999999.00'],
      [() => Account.query().select((c) => ({ x: c.balance.sum().over().mul(untyped(c.rate)) })), '999999999999999999.00'],
      [
        () => Account.query().select((c) => ({ x: c.balance.mul(9).add(c.balance) })),
        '99999999999999999.90',
        expect.objectContaining({ message: expect.stringContaining('64 bits') }),
      ],
    ]
    for (const [query, x, error = expect.objectContaining(beyond)] of large) {
      const run = Promise.resolve().then(query)
      if (dialect === 'sqlite') await expect(run).rejects.toEqual(error)
      else expect(await run).toEqual([{ x }])
    }
    expect(await Account.where('qty', 1).select((c) => ({ x: c.balance.mul(100) }))).toEqual([])
  })

  it('that outgrow 64 bits on SQLite are one in conditions and in what is assigned, of which nobody reads them (trap 23)', async () => {
    await using space = await open([Account])
    const stored = { balance: '9999999999999999.99', rate: '1000000000000000.07', qty: 10_000 }
    await Account.create(stored)
    const beyond = expect.objectContaining({ code: 'db/query-failed', message: expect.stringContaining('integer overflow') })
    const conditions = [
      () => Account.where((c) => c.balance.mul(c.rate).gt('1.00')).count(),
      () => Account.where((c) => c.balance.mul(c.qty).gt('1.00')).count(),
      () => Account.where((c) => c.balance.div('0.01').gt('1.00')).count(),
      () => Account.where((c) => c.balance.mul(c.rate).div(c.rate).eq(c.balance)).count(),
      () => Account.where((c) => c.balance.div('0.01').mul('0.01').eq(c.balance)).count(),
    ]
    for (const condition of conditions) {
      const run = Promise.resolve().then(condition)
      if (dialect === 'sqlite') await expect(run).rejects.toEqual(beyond)
      else expect(await run).toBe(1)
    }
    const updates = [
      () => Account.where('id', 1).update((c) => ({ balance: c.balance.mul(c.rate).div(c.rate) })),
      () => Account.where('id', 1).update((c) => ({ balance: c.balance.mul(c.qty).div(c.qty) })),
      () => Account.where('id', 1).update((c) => ({ balance: c.balance.div('0.01').mul('0.01') })),
    ]
    for (const update of updates) {
      const run = Promise.resolve().then(update)
      if (dialect === 'sqlite') await expect(run).rejects.toEqual(beyond)
      else expect(await run).toBe(1)
    }
    expect(await Account.query().first()).toMatchObject(stored)
    if (dialect === 'sqlite')
      expect(await space.db.sql`select typeof(balance) as type from decimal_accounts`).toEqual([{ type: 'integer' }])
  })

  it('compare as numbers whatever their scale', async () => {
    await using space = await open([Item])
    void space
    await Item.create({ ...values, fine: '0.5000' })
    expect(await Item.where((c) => c.cost.gt(c.fine)).count()).toBe(1)
    expect(await Item.where((c) => c.fine.gt(c.cost)).count()).toBe(0)
    expect(await Item.where((c) => c.price.eq(untyped(c.rate))).count()).toBe(1)
    expect(await Item.where((c) => c.price.lt(untyped(c.qty))).count()).toBe(1)
    expect(await Item.where((c) => c.qty.gt(untyped(c.price))).count()).toBe(1)
    expect(await Item.where((c) => c.price.between(c.fine, c.cost)).count()).toBe(1)
    expect(await Item.where((c) => c.price.between(c.cost, c.fine)).count()).toBe(0)
    expect(await Item.where((c) => c.price.mul(c.qty).eq('4.5')).count()).toBe(1)
    expect(await Item.where((c) => c.price.eq(Item.query().select('price'))).count()).toBe(1)
    expect(await Item.where((c) => c.price.in(Item.query().select('price'))).count()).toBe(1)
    expect(await Item.where((c) => c.price.gt(untyped(raw`0`))).count()).toBe(1)
  })

  it('compare with averages', async () => {
    await using space = await open([Item])
    void space
    await Item.createMany([values, { ...values, price: '2.75' }])
    const groups = (bound: string): PromiseLike<unknown> =>
      Item.query()
        .groupBy(['qty'], (c) => ({ rows: c.id.count() }))
        .having((c) => untyped((c as { price: { avg(): { gt(value: string): unknown } } }).price.avg().gt(bound)))
    expect(await groups('2.1')).toEqual([{ qty: 3, rows: 2 }])
    expect(await groups('2.2')).toEqual([])
  })

  it('are assigned what has their scale', async () => {
    await using space = await open([Item])
    void space
    await Item.create(values)
    await Item.where('qty', 3).update((c) => ({ price: c.cost.mul(c.qty) }))
    await Item.where('qty', 3).update((c) => ({ cost: c.price.coalesce('0').div(4) }))
    expect(await Item.query().first()).toMatchObject({ price: '6.00', cost: '1.50' })
  })

  it('of other scales are refused before any SQL where an engine would compute in the wrong unit', async () => {
    await using space = await open([Item])
    await Item.create(values)
    space.clear()
    const q = Item.query()
    const mixed: (() => PromiseLike<unknown>)[] = [
      () => q.select((c) => ({ x: c.price.add(c.fine) })),
      () => q.select((c) => ({ x: c.price.add(c.qty) })),
      () => q.select((c) => ({ x: c.price.mod(c.qty) })),
      () => q.select((c) => ({ x: c.price.mul(c.fine) })),
      () => q.select((c) => ({ x: c.price.mul(c.rate) })),
      () => q.select((c) => ({ x: c.qty.mul(untyped(c.price)) })),
      () => q.select((c) => ({ x: c.price.coalesce(c.fine) })),
      () => q.select((c) => ({ x: caseWhen(c.qty.gt(1), c.price).else(c.fine) })),
      () => q.select((c) => ({ x: (c.name as unknown as { concat(part: unknown): typeof c.name }).concat(c.price) })),
      () => q.where((c) => c.price.eq(untyped(c.name))),
      () => q.where((c) => c.price.in(Item.query().select('fine'))),
      () => q.where((c) => (c.price as unknown as typeof c.name).contains('1')),
      () => q.where((c) => (c.price as unknown as typeof c.name).like('1%')),
    ]
    for (const query of mixed) await expect(Promise.resolve().then(query)).rejects.toBeInstanceOf(InvalidQueryError)
    await expect(Item.where('qty', 3).update((c) => ({ fine: c.price }) as never)).rejects.toThrow(
      'takes decimals with as many digits after the point, here are a decimal with 4 and a decimal with 2',
    )
    await expect(Item.where('qty', 3).update((c) => ({ price: c.qty }) as never)).rejects.toBeInstanceOf(InvalidQueryError)
    await expect(Item.where('qty', 3).update((c) => ({ large: c.price }))).rejects.toThrow('not both decimals of at most 18 digits')
    expect(space.statements).toEqual([])
  })

  it('are combined in one scale, as columns and as what is computed of them', async () => {
    await using space = await open([Item])
    await Item.create({ ...values, fine: '2.5000', cost: '1.50' })
    const price = Item.query().select((c) => ({ x: c.price }))
    expect(await price.intersect(Item.query().select((c) => ({ x: c.cost })))).toEqual([{ x: '1.50' }])
    const sums = await price.union(Item.query().select((c) => ({ x: c.cost.mul(c.qty) })))
    expect(sums.map(({ x }) => x).toSorted()).toEqual(['1.50', '4.50'])
    space.clear()
    const fine = Item.query().select((c) => ({ x: c.fine }))
    for (const combined of [price.union(fine), price.unionAll(fine), price.intersect(fine), price.except(fine)])
      await expect(combined).rejects.toThrow(
        'takes decimals with as many digits after the point, here are a decimal with 2 and a decimal with 4',
      )
    await expect(price.union(untyped(Item.query().select((c) => ({ x: c.qty }))))).rejects.toThrow("'x' in union() takes decimals")
    await expect(price.union(price).union(fine)).rejects.toBeInstanceOf(InvalidQueryError)
    await expect(Item.where((c) => c.price.in(price.union(fine))).count()).rejects.toBeInstanceOf(InvalidQueryError)
    expect(space.statements).toEqual([])
    const large = price.union(Item.query().select((c) => ({ x: c.large })))
    if (dialect === 'sqlite') await expect(large).rejects.toThrow('SQLite keeps decimals of more than 18 digits as text')
    else expect((await large).map(({ x }) => x).toSorted()).toEqual(['1.50', '12345678901234567890.10'])
  })

  it('of more than 18 digits are found by value, and ordered where the engine keeps numbers', async () => {
    await using space = await open([Item])
    await Item.createMany([values, { ...values, large: '9.00' }])
    expect(await Item.where('large', '9').count()).toBe(1)
    expect(await Item.where('large', 'in', ['9.00', '8.00']).count()).toBe(1)
    expect(await Item.where((c) => c.large.eq(c.large)).count()).toBe(2)
    space.clear()
    const ordered: [() => PromiseLike<unknown>, unknown][] = [
      [() => Item.query().orderBy('large').limit(1).select('large'), [{ large: '9.00' }]],
      [() => Item.where('large', '>', '10').count(), 1],
      [() => Item.where('large', 'between', ['8', '10']).count(), 1],
      [() => Item.query().aggregate((c) => ({ x: c.large.min() })), { x: '9.00' }],
      [() => Item.query().aggregate((c) => ({ x: c.large.max() })), { x: '12345678901234567890.10' }],
      [() => Item.where('large', '9').select((c) => ({ x: c.large.add('0.5') })), [{ x: '9.50' }]],
      [() => Item.where((c) => c.large.eq(c.price)).count(), 0],
    ]
    for (const [query, answer] of ordered) {
      const run = Promise.resolve().then(query)
      if (dialect === 'sqlite') await expect(run).rejects.toThrow('SQLite keeps decimals of more than 18 digits as text')
      else expect(await run).toEqual(answer)
    }
    if (dialect === 'sqlite') expect(space.statements).toEqual([])
  })
})
