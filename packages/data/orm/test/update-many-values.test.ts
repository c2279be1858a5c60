import { randomBytes } from 'node:crypto'
import { expect, it } from '@jest/globals'
import { f, JsonNull, localKeys, Model, useKeys } from '../src/index.ts'
import { bind } from '../src/binding.ts'
import type { ModelClass } from '../src/meta/model-meta.ts'
import { columnsOfEveryType, everything } from './support/all-types.ts'
import { onEachEngine, type OpenDatabase, type Product } from './support/engines.ts'
import { fillMoods, models as moods, Person, Rating } from './support/moods.ts'

class Sealed extends Model('updated_seals', {
  id: f.id(),
  code: f.text().encrypted().nullable(),
  data: f.bytes().encrypted().nullable(),
}) {}
class Anything extends Model('updated_values', { id: f.bigid(), ...columnsOfEveryType }) {}
class Nothing extends Model('updated_nulls', {
  id: f.id(),
  big: f.bigint().nullable(),
  amount: f.decimal(20, 4).nullable(),
  day: f.date().nullable(),
  at: f.datetime().nullable(),
  clock: f.time().nullable(),
  list: f.json<unknown>().nullable(),
  yes: f.bool().nullable(),
  kind: f.enum(['one', 'two']).nullable(),
  key: f.uuid().nullable(),
  data: f.bytes().nullable(),
  text: f.text().nullable(),
  ratio: f.float().nullable(),
}) {}

class Folded extends Model('updated_folded', { name: f.string({ max: 20, ci: true }).primary(), n: f.int() }) {}

const keys = {
  big: [f.bigint(), [9007199254740993n, 9007199254740992n, -1n]],
  text: [f.string({ max: 40 }), ['a', 'A', 'a ']],
  uuid: [
    f.uuid(),
    ['0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b', '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5c', 'ffffffff-0000-4000-8000-000000000000'],
  ],
  at: [f.datetime(), [1, 2, 1_003].map((ms) => new Date(1_700_000_000_000 + ms))],
  day: [f.date(), ['2024-03-10', '2024-03-11', '0001-01-01']],
  clock: [f.time(), ['23:59:59', '23:59:59.5', '00:00:00']],
  amount: [f.decimal(20, 4), ['1234567890123456.1234', '1234567890123456.1235', '-0.05']],
  whole: [f.decimal(38, 0), ['99999999999999999999999999999999999999', '99999999999999999999999999999999999998', '0']],
  yes: [f.bool(), [true, false]],
  kind: [f.enum(['one', 'One', "quote's"]), ['one', 'One', "quote's"]],
  data: [f.bytes(), [[0x80], [0x81], [0xff, 0]].map((bytes) => Uint8Array.from(bytes))],
} as const

/** Whether the last update may go to each row by the index of its key; of PostgreSQL nothing, whose planner goes by the numbers of rows. */
async function accessOf({ db, statements }: OpenDatabase, product: Product): Promise<string> {
  const text = statements.findLast((each) => each.startsWith('update')) ?? ''
  if (product === 'PostgreSQL') return ''
  const params = product === 'SQLite' ? Array.from(text.matchAll(/\?/g), () => null) : ['[]']
  const plan = await db.execute({ text: `explain ${product === 'SQLite' ? 'query plan ' : ''}${text}`, params })
  const last = JSON.stringify(plan.rows.at(-1), (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
  return /SEARCH updated_by_|"possible_keys":"PRIMARY"/.test(last) ? 'by key' : last
}

onEachEngine('the values and keys of many rows', (open, dialect, product) => {
  it('keep values of every type as they are', async () => {
    await using _ = await open([Anything])
    const other = {
      ...everything,
      big: -9223372036854775808n,
      amount: '0.0001',
      price: '99999999.99',
      whole: '-1',
      day: '0001-01-01',
      at: new Date('0001-01-01T00:00:00.000Z'),
      clock: '00:00:00.5',
      list: 'null',
      nothing: { deep: [null, JSON.parse('"\\u2028"') as string] },
      yes: false,
      no: true,
      kind: 'two words' as const,
      key: 'ffffffff-0000-4000-8000-000000000000',
      data: new Uint8Array(),
      empty: ' x ',
      text: 'line\nnext\ttab {"a":1} $[0]',
      ratio: 5e-324,
      count: -9007199254740991,
      missing: new Date('9999-12-31T23:59:59.999Z'),
    }
    // The first row has them the other way round, so that no engine can take a type from it.
    await Anything.createMany([other, everything])
    expect(
      await Anything.updateMany([
        { id: 1n, ...everything },
        { id: 2n, ...other },
      ]),
    ).toBe(2)
    const [one, two] = await Anything.query().orderBy('id')
    expect(one).toMatchObject({ id: 1n, ...everything })
    expect(two).toMatchObject({ id: 2n, ...other })
    // As what a create stores, to the last bit: they are found by the same conditions.
    const same = await Anything.create(other)
    for (const name of ['big', 'amount', 'day', 'at', 'clock', 'no', 'key', 'data', 'ratio', 'text'] as const)
      expect([name, (await Anything.where(name as 'text', same[name] as string).orderBy('id')).map(({ id }) => id)]).toEqual([
        name,
        [2n, same.id],
      ])
    for (const ratio of [0.1 + 0.2, 1.7976931348623157e308, -1e-7, 123456789.12345679, 4.35, 1e21, 2 ** 60]) {
      await Anything.updateMany([{ id: 1n, ratio }])
      expect((await Anything.findOrFail(1n)).ratio).toBe(ratio)
    }
  })

  it('tell NULL from what is empty, in every column', async () => {
    await using _ = await open([Nothing])
    const { big, amount, day, at, clock, key, data } = everything
    const full = { big, amount, day, at, clock, key, data, list: JsonNull, yes: false, kind: 'one' as const, text: '', ratio: 0 }
    const none = Object.fromEntries(Object.keys(full).map((name) => [name, null])) as { [K in keyof typeof full]: null }
    await Nothing.createMany([full, none, full])
    expect(
      await Nothing.updateMany([
        { id: 1, ...none },
        { id: 2, ...full },
        { id: 3, ...none },
      ]),
    ).toBe(3)
    const [one, two, three] = await Nothing.query().orderBy('id')
    expect(one).toMatchObject({ id: 1, ...none })
    expect(two).toMatchObject({ id: 2, ...full })
    expect(three).toMatchObject({ id: 3, ...none })
    expect(await Nothing.where('list', null).count()).toBe(2)
  })

  it('keep texts and bytes whatever is in them, and however long they are', async () => {
    await using _ = await open([Nothing])
    const texts = [
      Array.from({ length: 0x2f }, (_value, code) => String.fromCharCode(code + 1)).join(''),
      String.raw`\u0041 \n \" \\ ' "" / ? $1 :name %s ` + '\u007f\u2028\u{10ffff}',
      'long '.repeat(100_000),
    ]
    await Nothing.createMany(texts.map(() => ({})))
    const rows = texts.map((text, index) => ({
      id: index + 1,
      text,
      list: { [text.slice(0, 50)]: [text] },
      data: new Uint8Array(Buffer.from(text)),
    }))
    expect(await Nothing.updateMany(rows)).toBe(3)
    const read = await Nothing.query().orderBy('id')
    expect(read.findIndex(({ text }, index) => text !== texts[index])).toBe(-1)
    expect(read.findIndex(({ data }, index) => Buffer.from(data!).toString() !== texts[index])).toBe(-1)
    expect(read.map(({ list }) => list)).toEqual(rows.map(({ list }) => list))
    // Half a character is stored as a create stores it.
    const half = { text: 'a\ud800b' }
    const { id } = await Nothing.create(half)
    await Nothing.updateMany([{ id: 1, ...half }])
    expect((await Nothing.findOrFail(1)).text).toBe((await Nothing.findOrFail(id)).text)
  })

  it.each(Object.entries(keys))('are found by a key of %s', async (name, [field, values]) => {
    const Keyed = class extends Model(`updated_by_${name}`, { key: (field as ReturnType<typeof f.text>).primary(), n: f.int() }) {}
    const Paired = class extends Model(
      `updated_by_two_${name}`,
      { key: field as ReturnType<typeof f.text>, part: f.int(), n: f.int() },
      { primary: ['key', 'part'] },
    ) {}
    const models = [Keyed, Paired] as unknown as ModelClass[]
    // A key of MariaDB has a length, which `f.bytes()` has not.
    const byHand = name === 'data' && dialect === 'mysql'
    await using at = await open(byHand ? [] : models)
    using _ = { [Symbol.dispose]: bind(models, at.db) }
    if (byHand) {
      await at.db.script('create table updated_by_data (`key` varbinary(32) primary key, n bigint not null)')
      await at.db.script(
        'create table updated_by_two_data (`key` varbinary(32), part bigint, n bigint not null, primary key (`key`, part))',
      )
    }
    const given = values as unknown as readonly string[]
    await Keyed.createMany(given.map((key) => ({ key, n: 0 })))
    expect(await Keyed.updateMany(given.slice(1).map((key, n) => ({ key, n: n + 1 })))).toBe(given.length - 1)
    expect(await Promise.all(given.map(async (key) => (await Keyed.findOrFail(key)).n))).toEqual(given.map((_value, n) => n))
    expect(await accessOf(at, product)).toBe(dialect === 'postgres' ? '' : 'by key')
    await Paired.createMany(given.flatMap((key) => [1, 2].map((part) => ({ key, part, n: 0 }))))
    expect(await Paired.updateMany(given.map((key, n) => ({ key, part: 2, n: n + 1 })))).toBe(given.length)
    for (const [n, key] of given.entries()) {
      expect((await Paired.where('key', key).orderBy('part')).map((row) => row.n)).toEqual([0, n + 1])
    }
  })

  it('are found by a key that folds case (trap 24)', async () => {
    await using _ = await open([Folded])
    await Folded.createMany([
      { name: 'Ann', n: 1 },
      { name: 'Bob', n: 2 },
    ])
    const rows = [
      { name: 'ANN', n: 3 },
      { name: 'bob', n: 4 },
      { name: 'ann', n: 5 },
    ]
    expect(await Folded.updateMany(rows)).toBe(2)
    expect((await Folded.query().orderBy('name')).map(({ name, n }) => [name, n])).toEqual([
      ['Ann', 5],
      ['Bob', 4],
    ])
  })

  it('take an enum type of PostgreSQL, as a value and as a part of the key', async () => {
    await using _ = await open(moods)
    const { ann, bob } = await fillMoods()
    expect(
      await Person.updateMany([
        { id: ann.id, mood: "it's", before: null, seat: 'right' },
        { id: bob.id, mood: 'sad', before: 'ok', seat: null },
      ]),
    ).toBe(2)
    expect(await Person.findOrFail(ann.id)).toMatchObject({ mood: "it's", before: null, seat: 'right' })
    expect(await Person.findOrFail(bob.id)).toMatchObject({ mood: 'sad', before: 'ok', seat: null })
    await Rating.createMany([
      { year: 2024, mood: 'sad', stars: 1 },
      { year: 2024, mood: 'ok', stars: 2 },
    ])
    expect(await Rating.updateMany([{ year: 2024, mood: 'ok', stars: 5 }])).toBe(1)
    expect((await Rating.query().orderBy('stars')).map(({ stars }) => stars)).toEqual([1, 5])
  })

  it('are stored encrypted where the field is', async () => {
    const restore = useKeys(localKeys({ current: 'k1', keys: { k1: randomBytes(32) } }))
    try {
      await using at = await open([Sealed])
      await Sealed.createMany([{ code: 'old' }, { code: 'old' }, {}])
      const data = Uint8Array.from([0, 255])
      expect(
        await Sealed.updateMany([
          { id: 1, code: 'new ✓', data },
          { id: 2, code: null, data: null },
        ]),
      ).toBe(2)
      expect(await Sealed.findOrFail(1)).toMatchObject({ code: 'new ✓', data })
      expect(await Sealed.findOrFail(2)).toMatchObject({ code: null, data: null })
      const [stored] = await at.db.sql<{ code: string; data: string }>`select code, data from updated_seals where id = 1`
      expect(stored!.code).toMatch(/^cv1:k1:/)
      expect(stored!.data).toMatch(/^cv1:k1:/)
    } finally {
      restore()
    }
  })
})
