import { setTimeout } from 'node:timers/promises'
import { errors as dbErrors } from '@covet/db'
import { expect, it } from '@jest/globals'
import { belongsTo, errors, f, Model } from '../src/index.ts'
import { useClock } from '../src/write/clock.ts'
import { Account, Article, Author, blog, Line } from './support/articles.ts'
import { onEachEngine, type OpenDatabase } from './support/engines.ts'

class Row extends Model('updated_rows', { id: f.id(), name: f.string({ max: 50 }).nullable(), n: f.int(), at: f.updatedAt() }) {}
class Computed extends Model('updated_computed', { id: f.id(), n: f.int(), twice: f.int().generated() }) {}

let visible = 'open'
class Shelf extends Model('updated_shelves', { id: f.id(), name: f.string({ max: 20 }) }) {}
class Book extends Model(
  'updated_books',
  { id: f.id(), stage: f.string({ max: 20 }), title: f.string({ max: 20 }) },
  { scope: (c) => c.stage.eq(visible) },
) {}
class Copy extends Model(
  'updated_copies',
  { id: f.id(), title: f.string({ max: 20 }), shelf: belongsTo(() => Shelf) },
  { scope: (c) => c.shelfId.in(Shelf.where('name', visible).select('id')) },
) {}

/** Resolves once as many updates wait for rows that others hold: none of these takes as long as that otherwise. */
async function waiting({ db }: OpenDatabase, count: number): Promise<void> {
  const text = {
    postgres: `select count(*) as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
    mysql: `select count(*) as n from information_schema.processlist where info like 'update json_table%' and db = database()`,
  }[db.dialect as 'postgres' | 'mysql']
  for (let looks = 0; looks < 3;) {
    await setTimeout(50)
    const { rows } = await db.execute<{ n: number }>({ text, params: [] })
    looks = Number(rows[0]?.n) === count ? looks + 1 : 0
  }
}

onEachEngine('many rows with values of their own', (open, dialect) => {
  it('get them in one statement, and how many there were is told', async () => {
    await using at = await open([Row])
    await Row.createMany([1, 2, 3].map((n) => ({ name: `old ${n}`, n })))
    at.clear()
    const rows = [
      { id: 3, name: 'C', n: 30 },
      { id: 1, name: null, n: 10 },
      { id: 99, name: 'nobody', n: 0 },
      { id: 3, name: 'C', n: 30 },
      { id: 98, name: 'nobody', n: 0 },
    ]
    expect(await Row.updateMany(rows)).toBe(2)
    expect(at.statements).toHaveLength(1)
    const read = async (): Promise<unknown[]> => (await Row.query().orderBy('id')).map(({ id, name, n }) => [id, name, n])
    expect(await read()).toEqual([
      [1, null, 10],
      [2, 'old 2', 2],
      [3, 'C', 30],
    ])
    // The same values again: they were written, too.
    expect(await Row.updateMany(rows)).toBe(2)
    at.clear()
    expect(await Row.updateMany([])).toBe(0)
    expect(at.statements).toEqual([])
  })

  it('keep what a row leaves out, and of the same key twice the last counts', async () => {
    await using at = await open([Row])
    await Row.createMany([1, 2, 3, 4].map((n) => ({ name: `old ${n}`, n })))
    at.clear()
    const given = [
      { id: 4, n: 40 },
      { id: 2, name: 'first' },
      { id: 1, name: 'A' },
      { id: 2, name: 'B' },
      { id: 3, n: 30 },
    ]
    expect(await Row.updateMany(given)).toBe(4)
    expect(at.statements.filter((text) => text.startsWith('update'))).toHaveLength(2)
    expect((await Row.query().orderBy('id')).map(({ name, n }) => [name, n])).toEqual([
      ['A', 1],
      ['B', 2],
      ['old 3', 30],
      ['old 4', 40],
    ])
  })

  it('get the time of the update and the next version', async () => {
    await using _ = await open(blog)
    const author = await Author.create({ email: 'a@x.org' })
    const [one, two] = await Article.createMany([
      { title: 'One', authorId: author.id },
      { title: 'Two', authorId: author.id, views: 7 },
    ])
    const time = new Date('2030-01-02T03:04:05.678Z')
    const restore = useClock(() => time)
    try {
      const rows = [
        { id: one!.id, title: 'First', meta: { a: [1] } },
        { id: two!.id, title: 'Second', meta: null },
      ]
      expect(await Article.updateMany(rows)).toBe(2)
    } finally {
      restore()
    }
    const read = await Article.query().orderBy('id')
    expect(read).toMatchObject([
      { title: 'First', meta: { a: [1] }, version: 2, updatedAt: time, createdAt: one!.createdAt, views: 0 },
      { title: 'Second', meta: null, version: 2, updatedAt: time, views: 7 },
    ])
    // One who read them before learns that they are others now.
    one!.title = 'mine'
    await expect(one!.save()).rejects.toThrow(errors.StaleObject)
    const given = new Date('2031-01-01T00:00:00.001Z')
    await Article.updateMany([{ id: one!.id, version: 9, updatedAt: given }])
    expect(await Article.findOrFail(one!.id)).toMatchObject({ version: 9, updatedAt: given })
  })

  it('are found by a key of several columns', async () => {
    await using at = await open([Line])
    const pairs = [1, 2].flatMap((tenantId) => [1, 2, 11].map((number) => ({ tenantId, number, text: 'old' })))
    await Line.createMany(pairs)
    at.clear()
    const rows = pairs.slice(1).map((row) => ({ ...row, text: `${row.tenantId}-${row.number}` }))
    const nobody = [1, 2, 3].map((number) => ({ tenantId: 3, number, text: 'nobody' }))
    expect(await Line.updateMany([...rows, ...nobody])).toBe(5)
    expect(at.statements).toHaveLength(1)
    expect((await Line.query().orderBy('tenantId').orderBy('number')).map(({ text }) => text)).toEqual([
      'old',
      '1-2',
      '1-11',
      '2-1',
      '2-2',
      '2-11',
    ])
    await expect(Line.updateMany([{ tenantId: 1, text: 'x' } as never])).rejects.toThrow(/Line\.number/)
  })

  it('leave softly deleted rows alone, and those outside of the scope, however it is asked (trap 28)', async () => {
    await using at = await open([Account, Shelf, Book, Copy])
    const [gone, kept] = await Account.createMany([{ login: 'ann' }, { login: 'bob' }])
    await gone!.delete()
    const ids = [gone!.id, kept!.id]
    expect(await Account.updateMany(ids.map((id) => ({ id, note: 'new' })))).toBe(1)
    expect((await Account.query().withDeleted().orderBy('id')).map(({ note }) => note)).toEqual([null, 'new'])

    await Book.createMany(['open', 'closed', 'open'].map((stage) => ({ stage, title: 'old' })))
    expect(await Book.updateMany([1, 2, 3].map((id) => ({ id, title: `new ${id}` })))).toBe(2)
    visible = 'closed'
    expect(await Book.updateMany([1, 2, 3].map((id) => ({ id, title: `later ${id}` })))).toBe(1)
    visible = 'open'
    expect((await Book.query().unscoped().orderBy('id')).map(({ title }) => title)).toEqual(['new 1', 'later 2', 'new 3'])

    await Shelf.createMany([{ name: 'open' }, { name: 'closed' }])
    await Copy.createMany([1, 2, 1].map((shelfId) => ({ shelfId, title: 'old' })))
    at.clear()
    expect(await Copy.updateMany([1, 2, 3, 4].map((id) => ({ id, title: `new ${id}` })))).toBe(2)
    expect(at.statements).toHaveLength(1)
    expect((await Copy.query().unscoped().orderBy('id')).map(({ title }) => title)).toEqual(['new 1', 'old', 'new 3'])
  })

  it('call no hook', async () => {
    await using _ = await open([Row])
    const called: string[] = []
    const removers = (['beforeSave', 'beforeUpdate', 'afterUpdate', 'afterCommit'] as const).map((name) =>
      Row.on(name, () => void called.push(name)),
    )
    await Row.createMany([{ n: 1 }])
    await Row.updateMany([{ id: 1, n: 2 }])
    for (const remove of removers) remove()
    expect(called).toEqual([])
  })

  it('are refused before anything is sent when a row is none, has no key, nothing to write or what cannot be', async () => {
    await using at = await open([Row])
    await Row.createMany([{ n: 1 }])
    at.clear()
    const given = (rows: unknown): Promise<number> => Row.updateMany(rows as never)
    const fine = { id: 1, n: 2 }
    await expect(given(fine)).rejects.toThrow(errors.InvalidValueError)
    await expect(given([fine, null])).rejects.toThrow(errors.InvalidValueError)
    await expect(given([fine, undefined])).rejects.toThrow(errors.UndefinedValueError)
    await expect(given([fine, { n: 3 }])).rejects.toThrow(/Row\.id: updateMany\(\) needs its value in every row/)
    await expect(given([fine, { id: null, n: 3 }])).rejects.toThrow(errors.InvalidValueError)
    await expect(given([fine, { id: 1 }])).rejects.toThrow(/names no column to write/)
    await expect(given([fine, { id: 1, n: undefined }])).rejects.toThrow(errors.UndefinedValueError)
    await expect(given([fine, { id: 1, n: 'x' }])).rejects.toThrow(errors.InvalidValueError)
    await expect(given([fine, { id: 1, other: 1 }])).rejects.toThrow(errors.UnknownColumnError)
    expect(at.statements).toEqual([])
    const computed = Computed.using(at.db).updateMany([{ id: 1, twice: 2 } as never])
    await expect(computed).rejects.toThrow(/Computed\.twice.*the engine computes it/)
    expect(at.statements).toEqual([])
    await expect(given([{ id: 1, n: null }])).rejects.toThrow(dbErrors.NotNullViolation)
  })

  it('are 10,000 in several statements, all or nothing', async () => {
    await using at = await open([Row])
    await Row.createMany(Array.from({ length: 10_000 }, (_, n) => ({ name: 'old', n })))
    at.clear()
    const rows = Array.from({ length: 10_000 }, (_, n) => ({ id: n + 1, name: `name ${n}`, n: 10_000 - n }))
    expect(await Row.updateMany(rows)).toBe(10_000)
    expect(at.statements.filter((text) => text.startsWith('update')).length).toBe(10)
    const read = await Row.query().orderBy('id')
    expect(read.findIndex(({ name, n }, index) => name !== `name ${index}` || n !== 10_000 - index)).toBe(-1)
    const bad = rows.map((row) => ({ ...row, name: 'bad', n: row.id === 9_500 ? (null as unknown as number) : 0 }))
    await expect(Row.updateMany(bad)).rejects.toThrow(dbErrors.NotNullViolation)
    expect(await Row.where('name', 'bad').count()).toBe(0)
  })

  it('stay what they were when the transaction around is rolled back', async () => {
    await using at = await open([Row])
    await Row.createMany([{ n: 1 }, { n: 2 }])
    const stop = new Error('stop')
    const work = at.db.transaction(async () => {
      expect(await Row.updateMany([1, 2].map((id) => ({ id, n: 10 * id })))).toBe(2)
      expect((await Row.query().orderBy('id')).map(({ n }) => n)).toEqual([10, 20])
      throw stop
    })
    await expect(work).rejects.toBe(stop)
    expect((await Row.query().orderBy('id')).map(({ n }) => n)).toEqual([1, 2])
  })

  it('are no more answered from the cache as they were', async () => {
    await using at = await open([Row])
    await Row.createMany([{ n: 1 }, { n: 2 }])
    const read = async (): Promise<number[]> => (await Row.query().orderBy('id').cache({ ttl: '1m' })).map(({ n }) => n)
    expect(await read()).toEqual([1, 2])
    at.clear()
    expect(await read()).toEqual([1, 2])
    expect(at.statements).toEqual([])
    await Row.updateMany([1, 2].map((id) => ({ id, n: 10 * id })))
    expect(await read()).toEqual([10, 20])
  })

  it('are locked in the order of their keys, whatever way the planner goes', async () => {
    // On SQLite there is one writer at a time.
    if (dialect === 'sqlite') return
    await using at = await open([Row])
    await Row.createMany(Array.from({ length: 1_000 }, (_, n) => ({ n })))
    if (dialect === 'postgres') await at.db.script('analyze updated_rows')
    const [held, free] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const holder = at.db.transaction(async () => {
      await Row.where('id', 7).update({ n: -1 })
      held.resolve()
      await free.promise
    })
    await held.promise
    // A merge of both has 2 and not yet 100 when it comes to 7, and two rows by their keys are 100 and then 2.
    const all = at.db.transaction(async () => {
      if (dialect === 'postgres') await at.db.script('set local enable_nestloop = off; set local enable_hashjoin = off')
      return Row.updateMany(Array.from({ length: 1_000 }, (_, n) => ({ id: n + 1, n: 1 })))
    })
    await waiting(at, 1)
    const two = Row.updateMany([2, 100].map((id) => ({ id, n: 2 })))
    await waiting(at, 2)
    free.resolve()
    await holder
    expect(await Promise.all([all, two])).toEqual([1_000, 2])
    expect(await Row.where('n', 2).count()).toBe(2)
  })

  it('wait in no circle for one another, however many are written at once and in whatever order', async () => {
    await using at = await open([Row])
    await Row.createMany(Array.from({ length: 1_500 }, (_, n) => ({ n })))
    if (dialect === 'postgres') await at.db.script('analyze updated_rows')
    const ids = Array.from({ length: 1_500 }, (_, n) => n + 1)
    for (let round = 1; round <= 10; round += 1) {
      const write = (some: readonly number[]): Promise<number> => Row.updateMany(some.map((id) => ({ id, n: round, name: `${round}` })))
      const counts = await Promise.all([
        write(ids),
        write(ids.toReversed()),
        write([1_400, 7, 2, 900]),
        write(ids.filter((id) => id % 7 === 0).toReversed()),
        Row.updateMany([3, 1_499, 20, 800].map((id, index) => (index % 2 === 0 ? { id, n: round } : { id, name: `${round}` }))),
      ])
      expect(counts).toEqual([1_500, 1_500, 4, 214, 4])
    }
    expect(await Row.where({ n: 10, name: '10' }).count()).toBe(1_500)
  })
})
