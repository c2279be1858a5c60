import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from '@jest/globals'
import { errors, f, JsonNull, Model } from '../src/index.ts'
import { Everything, everything } from './support/all-types.ts'
import { onEachEngine } from './support/engines.ts'

const run = promisify(execFile)
const program = fileURLToPath(new URL('support/codecs-process.ts', import.meta.url))

class Money extends Model('moneys', {
  id: f.id(),
  amount: f.decimal(10, 2),
  name: f.string({ max: 20 }),
  tag: f.string({ max: 20, ci: true }),
}) {}

/** What differs from `everything` by as little as can be. */
const alike = {
  big: everything.big - 1n,
  amount: '1234567890123456.1235',
  price: '-0.06',
  whole: '999999999999999998',
  day: '2024-03-11',
  at: new Date(everything.at.getTime() + 1),
  clock: '23:59:58',
  list: [1, { a: 0 }, 'ü"\\'],
  nothing: { a: null },
  yes: false,
  no: true,
  kind: 'one',
  key: everything.key.replace(/b$/, 'c'),
  data: everything.data.toReversed(),
  empty: ' ',
  text: everything.text.toUpperCase(),
  ratio: 0.2,
  count: everything.count - 1,
  missing: everything.at,
} satisfies Record<keyof typeof everything, unknown>

onEachEngine('values', (open, dialect) => {
  it.each(['America/New_York', 'Asia/Tokyo'])('come back as they were written in %s (ORM-3, trap 8)', async (zone) => {
    await using at = await open()
    // The run before left them.
    await at.db.script('drop table if exists holders; drop table if exists everything')
    const env = { ...process.env, TZ: zone }
    await expect(run(process.execPath, [program, dialect, at.url], { env })).resolves.toBeDefined()
  })

  if (dialect !== 'sqlite') {
    it('that are times keep the digits a Date has, so that what was read is found again (trap 22)', async () => {
      await using at = await open([Everything])
      const { id } = await Everything.create(everything)
      // By a client that knows microseconds.
      const moment = `2024-03-10 02:30:00.123456${dialect === 'postgres' ? 'Z' : ''}`
      await at.db.sql`update everything set at = ${moment} where id = ${id}`
      const row = await Everything.findOrFail(id)
      expect(row.at).toEqual(new Date('2024-03-10T02:30:00.123Z'))
      expect(await Everything.where('at', row.at).count()).toBe(1)
      expect(await Everything.where('at', 'in', [row.at]).count()).toBe(1)
    })
  }

  it('are saved one by one where they are others, however alike, and not where they are given anew (ORM-19)', async () => {
    await using at = await open([Everything])
    const { id } = await Everything.create(everything)
    const row = await Everything.findOrFail(id)
    const { at: moment, list, data } = everything
    at.clear()
    row.fill({ ...everything, at: new Date(moment), list: structuredClone(list), data: data.slice() })
    await row.save()
    expect(at.statements).toEqual([])
    for (const [name, value] of Object.entries(alike)) {
      at.clear()
      row.fill({ [name]: value })
      await row.save()
      expect(at.statements.map((text) => /^update \S+ set \W?(\w+)\W? = [^,]* where/.exec(text)?.[1])).toEqual([name])
      expect((await Everything.findOrFail(id))[name as keyof typeof alike]).toEqual(value)
    }
  })

  it('tell the null of JSON from that of SQL', async () => {
    await using _ = await open([Everything])
    const { id } = await Everything.create({ ...everything, list: JsonNull })
    const row = await Everything.findOrFail(id)
    expect([row.list, row.missing]).toEqual([JsonNull, null])
    expect(row.changes()).toEqual({})
    expect(JSON.parse(JSON.stringify(row))).toMatchObject({ nothing: null, list: null })
  })

  it('of JSON are plain in plain rows, whose JSON is the same made either way, JSON null and all', async () => {
    await using _ = await open([Everything])
    const lists = [JsonNull, { a: null }, 'text', '5', 5, []]
    await Everything.createMany(lists.map((list) => ({ ...everything, list })))
    const selected = Everything.query().orderBy('id').select('id', 'list')
    const rows = await selected
    expect(rows.map(({ list }) => list)).toEqual([null, ...lists.slice(1)])
    expect(Buffer.from(await selected.json()).toString()).toBe(JSON.stringify(rows))
    const [group] = await Everything.query().groupBy(['nothing'], (c) => ({ count: c.id.count() }))
    expect(group).toEqual({ nothing: null, count: 6 })
    const [annotated] = await Everything.query().annotate((c) => ({ noted: c.nothing }))
    expect(annotated?.noted).toBeNull()
  })

  it('of JSON are found by the whole of them and by a whole member, JSON null and strings among them (ORM-3)', async () => {
    await using _ = await open([Everything])
    const lists = [[1, { a: null }], { a: { b: [5, 'x'] }, c: 1.5 }, 'text', '5', 5, true, [], {}, JsonNull]
    await Everything.createMany(lists.map((list) => ({ ...everything, list })))
    const found = async (query: PromiseLike<Everything[]>): Promise<unknown[]> => (await query).map(({ list }) => list)
    for (const list of lists) {
      expect(await found(Everything.where('list', list))).toEqual([list])
      expect(await found(Everything.where((c) => c.list.eq(list as never)))).toEqual([list])
      expect(await found(Everything.where('list', 'in', [list]))).toEqual([list])
      expect(await Everything.where('list', '!=', list).count()).toBe(lists.length - 1)
    }
    type Paths = { path(...keys: unknown[]): { eq(value: unknown): never } }
    const member = (value: unknown, ...keys: unknown[]): Promise<unknown[]> =>
      found(Everything.where((c) => (c.list as unknown as Paths).path(...keys).eq(value)))
    expect(await member({ b: [5, 'x'] }, 'a')).toEqual([lists[1]])
    expect(await member([5, 'x'], 'a', 'b')).toEqual([lists[1]])
    expect(await member({ a: null }, 1)).toEqual([lists[0]])
  })

  it('are refused when the column cannot hold them, before anything is sent', async () => {
    await using at = await open([Everything])
    at.clear()
    const wrong = {
      big: 2n ** 63n,
      amount: '1.12345',
      day: '2024-02-30',
      at: new Date('x'),
      clock: '25:00:00',
      list: undefined,
      yes: 1,
      kind: 'three',
      key: 'x',
      data: 'abc',
      text: 'a\0b',
      ratio: Number.NaN,
      count: 1.5,
    }
    for (const [name, value] of Object.entries(wrong)) {
      await expect(Everything.create({ ...everything, [name]: value } as never)).rejects.toThrow(errors.OrmError)
    }
    expect(at.statements).toEqual([])
  })

  it('with a NUL character are refused by every engine, wherever the character stands', async () => {
    await using at = await open([Everything, Money])
    at.clear()
    const refused: (() => PromiseLike<unknown>)[] = [
      () => Everything.create({ ...everything, text: 'a\0' }),
      () => Everything.createMany([everything, { ...everything, empty: '\0' }]),
      () => Everything.where('text', 'x').update({ text: '\0b' }),
      () => Everything.where('text', '\0').count(),
      () => Everything.where('text', 'contains', '\0').count(),
      () => Everything.where('text', 'in', ['a', '\0']).count(),
      () => Money.upsert([{ id: 1, amount: '1', name: '\0', tag: 't' }], { on: ['id'] }),
      () => Everything.create({ ...everything, list: ['a\0'] }),
      () => Everything.create({ ...everything, list: { '\0': 1 } }),
      () => Everything.create({ ...everything, list: '\\\0' }),
      () => Everything.createMany([{ ...everything, list: [{ deep: '\0' }] }]),
    ]
    for (const write of refused) {
      const failing = Promise.resolve().then(write)
      await expect(failing).rejects.toBeInstanceOf(errors.InvalidValueError)
      await expect(failing).rejects.toThrow('NUL character')
    }
    expect(at.statements).toEqual([])
    // What only looks like one is text.
    const list = ['\\u0000', 'u0000', '\\\\u0000']
    expect((await Everything.findOrFail((await Everything.create({ ...everything, list })).id)).list).toEqual(list)
  })

  it('that are decimals sort, compare and add up exactly (trap 23)', async () => {
    await using _ = await open([Money])
    const amounts = ['10.00', '9.50', '0.10', '0.20', '-3.05']
    await Money.createMany(amounts.map((amount) => ({ amount, name: 'n', tag: 't' })))
    expect((await Money.query().orderBy('amount')).map(({ amount }) => amount)).toEqual(['-3.05', '0.10', '0.20', '9.50', '10.00'])
    expect(await Money.where('amount', '>', '9.5').count()).toBe(1)
    expect(
      (
        await Money.where('amount', '<', 1)
          .where('amount', '>', 0)
          .aggregate((c) => ({ sum: c.amount.sum() }))
      ).sum,
    ).toBe('0.30')
    await Money.where('amount', '10').update((c) => ({ amount: c.amount.add('0.01') }))
    expect(await Money.where('amount', '10.01').count()).toBe(1)
  })

  it('that are text compare by case and trailing spaces, unless the field says otherwise (trap 24)', async () => {
    await using _ = await open([Money])
    await Money.createMany([
      { amount: 1, name: 'Ann', tag: 'Red' },
      { amount: 2, name: 'ann', tag: 'blue' },
      { amount: 3, name: 'ann ', tag: 'x' },
    ])
    expect(await Money.where('name', 'ann').count()).toBe(1)
    expect(await Money.where('name', 'ANN').count()).toBe(0)
    expect(await Money.where('tag', 'RED').count()).toBe(1)
    expect(await Money.where('tag', 'in', ['BLUE', 'red']).count()).toBe(2)
  })

  // The drivers of the other two make code from strings themselves.
  if (dialect === 'postgres') {
    it('come back in a process that forbids code from strings (trap 37)', async () => {
      await using at = await open()
      await at.db.script('drop table if exists holders; drop table if exists everything')
      const args = ['--disallow-code-generation-from-strings', program, dialect, at.url]
      await expect(run(process.execPath, args, { env: { ...process.env, TZ: 'Asia/Tokyo' } })).resolves.toBeDefined()
    })
  }
})
