import { expect, it } from '@jest/globals'
import {
  caseWhen,
  type Cols,
  errors,
  exists,
  type Expr,
  f,
  keyLoader,
  lag,
  Model,
  type Query,
  raw,
  type ShapeOf,
  value,
} from '../src/index.ts'
import { textOf } from './json/support.ts'
import { onEachEngine } from './support/engines.ts'
import { Badge, fillMoods, Level, models, Note, Person, Rating } from './support/moods.ts'

/** The names of the people a query finds, in their order. */
async function names(query: PromiseLike<readonly { name: string }[]>): Promise<string> {
  return (await query).map(({ name }) => name).join(' ')
}

async function where(...condition: unknown[]): Promise<string> {
  const query = (Person.where as unknown as (...condition: unknown[]) => Query<Person>).apply(Person, condition)
  return names(query.orderBy('id'))
}

type Columns = Cols<ShapeOf<Person>>

onEachEngine('columns of an enum type of PostgreSQL', (open, dialect, product) => {
  /** What an enum type has an order of its own for. */
  const declared = <T>(own: T, byLetters: T): T => (dialect === 'postgres' ? own : byLetters)

  it('are written: rows, many rows, changes, updates and upserts', async () => {
    await using _ = await open(models)
    const { ann, bob, cid } = await fillMoods()
    expect([ann, bob, cid].map(({ mood, before }) => [mood, before])).toEqual([
      ['sad', 'ok'],
      ["it's", "it's"],
      ['ok', null],
    ])
    ann.mood = 'ok'
    ann.before = null
    expect(ann.changes()).toEqual({ mood: 'ok', before: null })
    await ann.save()
    await ann.refresh()
    expect([ann.mood, ann.before, ann.changes()]).toEqual(['ok', null, {}])
    expect(await Person.where('mood', 'ok').update({ mood: 'sad', before: "it's" })).toBe(2)
    expect(await Person.where('before', "it's").update({ before: null })).toBe(3)
    const [anew, dan] = await Person.upsert(
      [
        { name: 'Ann', mood: 'sad', before: 'ok', levelCode: 'best' },
        { name: 'Dan', mood: 'sad', levelCode: 'new', seat: 'right' },
      ],
      { on: ['name', 'mood'], anyKey: true },
    )
    expect([anew?.id, anew?.before, anew?.levelCode, dan?.seat]).toEqual([ann.id, 'ok', 'best', 'right'])
    await Person.upsert({ name: 'Eve', seat: 'right', levelCode: 'good' }, { on: ['seat'], anyKey: true })
    expect((await Person.findOrFail(dan!.id)).name).toBe('Eve')
    expect((await Person.firstOrCreate({ name: 'Ann', mood: 'sad' })).id).toBe(ann.id)
    await expect(Person.create({ name: 'X', mood: 'wild' as never, levelCode: 'new' })).rejects.toThrow(errors.InvalidValueError)
    await expect(Person.create({ name: 'X', seat: 'left', levelCode: 'new' })).rejects.toMatchObject({ code: 'db/unique-violation' })
    expect(await Person.where('mood', 'in', ['sad', 'ok']).delete()).toBe(3)
  })

  it('are set by expressions, of text too', async () => {
    await using _ = await open(models)
    await fillMoods()
    const moodsNow = async (): Promise<unknown> => (await Person.query().orderBy('id')).map(({ mood }) => mood)
    const set = (make: (c: Columns) => object): Promise<number> =>
      Person.query()
        .unfiltered()
        .update(make as never)
    await set((c) => ({ mood: c.before.coalesce('sad') }))
    expect(await moodsNow()).toEqual(['ok', "it's", 'sad'])
    await set((c) => ({ mood: caseWhen(c.name.eq('Ann'), 'sad').else("it's") }))
    expect(await moodsNow()).toEqual(['sad', "it's", "it's"])
    await set((c) => ({ mood: caseWhen(c.name.eq('Ann'), c.mood).when(c.name.eq('Bob'), 'ok').else('sad') }))
    expect(await moodsNow()).toEqual(['sad', 'ok', 'sad'])
    await set((c) => ({ mood: c.weather.coalesce('ok'), name: c.mood.concat(' ', c.name) }))
    expect(await moodsNow()).toEqual(['ok', 'ok', 'ok'])
    await Rating.create({ year: 2024, mood: "it's", stars: 1 })
    await set(() => ({ mood: raw`'sad'`, before: Rating.where('year', 2024).select('mood') }))
    expect(await names(Person.where('before', "it's").where('mood', 'sad').orderBy('id'))).toBe('sad Ann ok Bob sad Cid')
  })

  it('are compared with values, lists and null', async () => {
    await using _ = await open(models)
    await fillMoods()
    expect(await where('mood', "it's")).toBe('Bob')
    expect(await where({ mood: ['sad', 'ok'] })).toBe('Ann Cid')
    expect(await where('mood', '!=', 'sad')).toBe('Bob Cid')
    expect(await where('mood', 'in', ['sad', "it's"])).toBe('Ann Bob')
    expect(await where('mood', 'not in', ['sad', "it's"])).toBe('Cid')
    expect(await where('before', 'in', ['ok', null])).toBe('Ann Cid')
    expect(await where('before', 'not in', ['ok', null])).toBe('Bob')
    expect(await where('before', null)).toBe('Cid')
    expect(await where('mood', '<', 'ok')).toBe(declared('Ann', 'Bob'))
    expect(await where('mood', 'between', ['ok', "it's"])).toBe(declared('Bob Cid', ''))
    expect(await where('mood', 'contains', 'a')).toBe('Ann')
    expect(await where('mood', 'startsWith', 'i')).toBe('Bob')
    expect(await where('mood', 'icontains', 'A')).toBe('Ann')
    expect(await where('mood', 'like', '%a%')).toBe('Ann')
    expect(await where('mood', 'not ilike', '%A%')).toBe('Bob Cid')
    expect(await where('level.code', 'in', ['good', 'best'])).toBe('Ann Cid')
    await expect(where('mood', 'wild')).rejects.toThrow("expected one of 'sad', 'ok', 'it's'")
  })

  it('are compared and chosen with each other, with text, and with other types of the kind', async () => {
    await using _ = await open(models)
    await fillMoods()
    const by = (condition: (c: Columns) => Expr): Promise<string> => where(condition)
    await Person.create({ name: 'ok', levelCode: 'best', weather: 'storm' })
    expect(await by((c) => c.mood.eq(c.before))).toBe('Bob')
    expect(await by((c) => c.name.eq(c.mood))).toBe('ok')
    expect(await by((c) => c.mood.eq(c.name as never))).toBe('ok')
    expect(await by((c) => c.weather.eq(c.before as never))).toBe('Ann')
    expect(await by((c) => value('ok').eq(c.mood as never))).toBe('Cid ok')
    expect(await by((c) => c.name.coalesce('').in(Person.query().select('mood')))).toBe('ok')
    expect(await by((c) => c.mood.notIn(Person.query().select('name') as never))).toBe('Ann Bob')
    expect(await by((c) => c.mood.in(Person.query().select('before') as never))).toBe('Bob Cid ok')
    expect(await by((c) => c.mood.eq(Person.where('name', 'Bob').select('before') as never))).toBe('Bob')
    expect(await by((c) => c.before.coalesce(c.mood).eq('ok'))).toBe('Ann Cid ok')
    expect(await by((c) => c.before.coalesce(c.name as never).eq('ok'))).toBe('Ann ok')
    expect(await by((c) => c.name.between(c.mood, 'zzz'))).toBe('ok')
    expect(await by((c) => exists(Level.where((l) => l.label.lower().eq(c.levelCode).and(l.code.eq(c.levelCode)))))).toBe('Ann Bob Cid ok')
    const rows = await Person.query()
      .orderBy('id')
      .select((c) => ({
        chosen: caseWhen(c.name.eq('Ann'), c.mood).else('ok'),
        mixed: caseWhen(c.name.eq('Ann'), c.mood)
          .when(c.name.eq('Bob'), "it's")
          .else(c.name as never),
        text: caseWhen(c.name.eq('Ann'), 'none').else(c.mood),
        upper: c.mood.upper(),
        length: c.mood.trim().length(),
        joined: c.mood.concat('/', c.weather.coalesce('ok'), '/', c.mood),
      }))
      .limit(3)
    expect(rows).toEqual([
      { chosen: 'sad', mixed: 'sad', text: 'none', upper: 'SAD', length: 3, joined: 'sad/ok/sad' },
      { chosen: 'ok', mixed: "it's", text: "it's", upper: "IT'S", length: 4, joined: "it's/ok/it's" },
      { chosen: 'ok', mixed: 'Cid', text: 'ok', upper: 'OK', length: 2, joined: 'ok/ok/ok' },
    ])
  })

  it('order, page, group and aggregate rows', async () => {
    await using _ = await open(models)
    await fillMoods()
    const order = declared('Ann Cid Bob', 'Bob Cid Ann')
    expect(await names(Person.query().orderBy('mood'))).toBe(order)
    const paged: string[] = []
    let after: string | null = null
    do {
      const { items, next }: { items: Person[]; next: string | null } = await Person.query().orderBy('mood').cursor({ size: 1, after })
      paged.push(...items.map(({ name }) => name))
      after = next
    } while (after !== null)
    expect(paged.join(' ')).toBe(order)
    const first = await Person.query().orderBy('before', 'desc').cursor({ size: 2 })
    expect((await Person.query().orderBy('before', 'desc').cursor({ size: 2, after: first.next })).items.map(({ name }) => name)).toEqual([
      'Cid',
    ])
    expect(
      await Person.query().aggregate((c) => ({
        least: c.mood.min(),
        most: c.mood.max(),
        kinds: c.levelCode.countDistinct(),
        some: c.mood.max().filter(c.weather.eq('ok')),
      })),
    ).toEqual({ least: declared('sad', "it's"), most: declared("it's", 'sad'), kinds: 2, some: declared('ok', 'sad') })
    const groups = Person.query().groupBy(['levelCode'], (c) => ({ people: c.id.count(), most: c.mood.max() }))
    expect(await groups.orderBy('levelCode')).toEqual(
      declared(
        [
          { levelCode: 'new', people: 1, most: "it's" },
          { levelCode: 'good', people: 2, most: 'ok' },
        ],
        [
          { levelCode: 'good', people: 2, most: 'sad' },
          { levelCode: 'new', people: 1, most: "it's" },
        ],
      ),
    )
    expect(await groups.having((c) => c.mood.max().eq("it's"))).toHaveLength(1)
    expect(await Person.query().select('levelCode').distinct().orderBy('levelCode', 'desc')).toHaveLength(2)
    const before = await Person.query()
      .orderBy('id')
      .select((c) => ({ before: lag(c.mood).over({ partitionBy: c.levelCode, orderBy: c.mood }) }))
    expect(before.map((row) => row.before)).toEqual(declared([null, null, 'sad'], ['ok', null, null]))
  })

  it('lead to related rows by every way of loading', async () => {
    await using _ = await open(models)
    const { ann, bob } = await fillMoods()
    const best = await Level.findOrFail('best')
    await best.related('badges').set([await Badge.create({ name: 'gold' })])
    const good = await Level.findOrFail('good')
    await good.related('badges').add('gold', await Badge.create({ name: 'silver' }))
    for (const strategy of ['balanced', 'json'] as const) {
      if (strategy === 'json' && product === 'MySQL') continue
      const found = await Level.query()
        .with({ people: (q) => q.orderBy('id').with('level'), badges: (q) => q.orderBy('name', 'desc'), above: true, below: true })
        .eager(strategy)
        .orderBy('label')
      expect(
        found.map(({ code, people, badges, above, below }) => [code, people.length, badges.length, above?.code, below.length]),
      ).toEqual([
        ['best', 0, 1, undefined, 1],
        ['good', 2, 2, 'best', 1],
        ['new', 1, 0, 'good', 0],
      ])
      expect(found[1]?.people.map(({ name, mood, level }) => [name, mood, level.label])).toEqual([
        ['Ann', 'sad', 'Good'],
        ['Cid', 'ok', 'Good'],
      ])
      const last = await Level.with({ people: (q) => q.orderBy('mood').orderBy('id', 'desc').limit(1) })
        .eager(strategy)
        .orderBy('label')
      expect(last.map(({ people }) => people[0]?.name)).toEqual([undefined, declared('Ann', 'Cid'), 'Bob'])
    }
    const [first] = await Person.query().orderBy('id')
    await first!.load('level')
    expect((first as Person & { level: Level }).level.code).toBe('good')
    expect(await names(Person.where('level.badges.name', 'silver').orderBy('id'))).toBe('Ann Cid')
    expect((await Level.where((c) => c.people.any((p) => p.mood.eq('sad')))).map(({ code }) => code)).toEqual(['good'])
    expect(
      await Level.query()
        .orderBy('label')
        .select((c) => ({ people: c.people.count(), most: c.people.mood.max() })),
    ).toEqual([
      { people: 0, most: null },
      { people: 2, most: declared('ok', 'sad') },
      { people: 1, most: "it's" },
    ])
    await good.related('badges').remove('gold')
    await best.related('people').add(ann, bob)
    expect(await names(best.related('people').orderBy('id'))).toBe('Ann Bob')
    await best.related('badges').set(['silver'])
    expect((await best.related('badges')).map(({ name }) => name)).toEqual(['silver'])
  })

  it('are keys, alone and with others', async () => {
    await using _ = await open(models)
    await fillMoods()
    expect((await Level.find('good'))?.label).toBe('Good')
    expect((await Level.findMany(['new', 'best', 'new'])).map(({ label }) => label)).toEqual(['New', 'Best', 'New'])
    const loader = keyLoader(Level)
    expect((await Promise.all([loader.load('best'), loader.load('new')])).map((level) => level?.label)).toEqual(['Best', 'New'])
    await Rating.createMany([
      { year: 2024, mood: 'sad', stars: 1 },
      { year: 2024, mood: 'ok', stars: 3 },
    ])
    await Rating.upsert(
      [
        { year: 2024, mood: 'ok', stars: 4 },
        { year: 2025, mood: "it's", stars: 5 },
      ],
      { on: ['year', 'mood'] },
    )
    const keys = [
      { year: 2025, mood: "it's" },
      { year: 2024, mood: 'ok' },
    ] as const
    expect((await Rating.findMany(keys)).map(({ stars }) => stars)).toEqual([5, 4])
    await Note.createMany(keys.map((key) => ({ ...key, text: key.mood })))
    const rated = await Rating.with('notes').orderBy('stars')
    expect(rated.map(({ notes }) => notes.map(({ text }) => text))).toEqual([[], ['ok'], ["it's"]])
    expect((await Note.with('rating').orderBy('id')).map(({ rating }) => rating.stars)).toEqual([5, 4])
    const [best] = await Rating.where('stars', 5)
    await best!.fill({ stars: 2 }).save()
    expect((await Rating.findOrFail(keys[0])).stars).toBe(2)
    await Note.query().unfiltered().delete()
    await best!.delete()
    expect(await Rating.query().count()).toBe(2)
  })

  it('are in combined, shared and recursive queries, in streams, JSON and SQL of the application', async () => {
    await using at = await open(models)
    await fillMoods()
    const sad = Person.where('mood', 'sad')
    expect(await names(sad.union(Person.where('before', "it's")).orderBy('mood', 'desc').orderBy('id'))).toBe(
      declared('Bob Ann', 'Ann Bob'),
    )
    expect(await sad.select('mood').unionAll(Person.where('mood', "it's").select('mood')).where('mood', 'in', ['sad'])).toEqual([
      { mood: 'sad' },
    ])
    const shared = Person.where('mood', 'in', ['sad', 'ok']).shared()
    expect(await names(shared.where((c) => c.mood.in(shared.select('mood'))).orderBy('id'))).toBe('Ann Cid')
    const up = Level.query().recursive({ from: (q) => q.where('code', 'new'), via: 'above' })
    expect((await up.orderBy('label')).map(({ code }) => code)).toEqual(['best', 'good', 'new'])
    expect((await up.where('code', 'in', ['best', 'new']).orderBy('label')).map(({ code }) => code)).toEqual(['best', 'new'])
    const query = Person.query().orderBy('id')
    const expected: unknown = JSON.parse(JSON.stringify(await query))
    expect(JSON.parse(Buffer.from(await query.json()).toString())).toEqual(expected)
    expect(
      (await textOf(query.ndjson()))
        .trimEnd()
        .split('\n')
        .map((line): unknown => JSON.parse(line)),
    ).toEqual(expected)
    const streamed: string[] = []
    for await (const { mood } of query.stream({ batch: 2 })) streamed.push(mood)
    expect(streamed).toEqual(['sad', "it's", 'ok'])
    const [ann] = await Person.raw`select * from people where mood = ${'sad'}`
    expect([ann?.name, ann?.mood, ann?.changes()]).toEqual(['Ann', 'sad', {}])
    ann!.mood = 'ok'
    await ann!.save()
    const mine = raw<boolean>`${(await Person.query().count()) > 0 ? 'ok' : ''} = 'ok'`
    expect(await names(Person.where((c) => c.mood.eq('ok').and(mine.isTrue())).orderBy('id'))).toBe('Ann Cid')
    at.clear()
    await Person.where('mood', 'in', ['sad', 'ok']).count()
    await Person.where('mood', 'in', ["it's", 'ok']).count()
    expect(new Set(at.statements).size).toBe(1)
  })

  it('hold no other value on any engine', async () => {
    await using at = await open(models)
    await fillMoods()
    await expect(at.db.sql`update people set mood = 'wild'`).rejects.toThrow()
  })
})

it('take nothing but the name of a type', () => {
  for (const native of ['', '.', 'a.b.c', 'a.', '"a', 'a"b', 'a\0', 5, null]) {
    expect(() => f.enum(['a'], { native: native as string })).toThrow(errors.InvalidFieldError)
  }
  class Plain extends Model('plain', { id: f.id(), a: f.enum(['a'], { native: 'sales.Mood' }), b: f.enum(['b']) }) {}
  expect(Plain).toBeDefined()
  expect(f.enum(['a'], { native: '"a.""b"."c; drop"' }).definition.native).toEqual({ schema: 'a."b', name: 'c; drop' })
})
