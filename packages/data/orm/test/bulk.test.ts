import { errors as dbErrors, type Database } from '@covet/db'
import { describe, expect, it } from '@jest/globals'
import { heldBytes } from '@covet-workspace/tooling/heap'
import { errors, f, Model } from '../src/index.ts'
import { bind } from '../src/binding.ts'
import type { ModelClass } from '../src/meta/model-meta.ts'
import { metaOf } from '../src/meta/registry.ts'
import { chunkSizes } from '../src/write/chunks.ts'
import { matchRows } from '../src/write/match-rows.ts'
import type { WriteColumn } from '../src/write/write-column.ts'
import { writerOf } from '../src/write/writer.ts'
import { Article, Author, blog, Label, Line } from './support/articles.ts'
import { onEachEngine } from './support/engines.ts'
import { saidToBe } from './support/said-to-be.ts'

class Wide extends Model('wides', {
  id: f.id(),
  a: f.string(),
  b: f.int(),
  c: f.bool(),
  d: f.datetime(),
  e: f.decimal(10, 2),
  g: f.bigint(),
  h: f.json<unknown>(),
  i: f.float(),
  j: f.date(),
  k: f.text(),
  l: f.string().nullable(),
}) {}

function wide(n: number): Parameters<typeof Wide.create>[0] {
  return {
    a: `a${n}`,
    b: n,
    c: n % 2 === 0,
    d: new Date(1_700_000_000_000 + n),
    e: `${n % 1000}.25`,
    g: BigInt(n),
    h: { n, quoted: '"{,}\\' },
    i: n / 4,
    j: '2024-03-10',
    k: 'text "quoted", {braces} \\ back',
    l: n % 3 === 0 ? null : `l${n}`,
  }
}

/** Notes the calls of hooks, of which a bulk insert has none. */
function listening(calls: string[]): Disposable {
  const removers = (['beforeSave', 'afterCreate', 'afterCommit'] as const).map((name) => Wide.on(name, () => void calls.push(name)))
  return { [Symbol.dispose]: () => removers.forEach((remove) => remove()) }
}

/** Keys whose values are none that `===` compares. */
class Reading extends Model(
  'readings',
  { sensorId: f.int(), at: f.datetime(), note: f.text().nullable(), level: f.int().nullable() },
  { primary: ['sensorId', 'at'] },
) {}
class Blob extends Model('blobs', { hash: f.bytes(), note: f.text().nullable() }, { primary: ['hash'] }) {}
class Moment extends Model('moments', { at: f.datetime().primary(), note: f.text().nullable() }) {}

onEachEngine('bulk inserts', (open, dialect) => {
  it.each([4_321, 100_000])(
    'stores %d rows of 12 columns, and gives their keys in the order of the input (ORM-14; trap 25)',
    async (count) => {
      await using at = await open([Wide])
      const called: string[] = []
      using _ = listening(called)
      const before = heldBytes()
      const input = Array.from({ length: count }, (_, n) => wide(n))
      const rows = await Wide.createMany(input)
      // The input, the instances and what they compare their values with.
      expect(heldBytes() - before).toBeLessThan(300_000_000)
      expect(rows).toHaveLength(count)
      expect(called).toEqual([])
      expect(rows.findIndex((row, n) => row.a !== `a${n}` || row.b !== n || row.g !== BigInt(n))).toBe(-1)
      expect(new Set(rows.map(({ id }) => id)).size).toBe(count)
      const sizes = chunkSizes(count, 11, dialect)
      const inserts = at.statements.filter((text) => text.includes('insert into'))
      expect(inserts).toHaveLength(sizes.length)
      if (dialect === 'postgres') expect(new Set(inserts).size).toBe(1)
      else expect(new Set(inserts).size).toBe(new Set(sizes).size)

      const stored = await Wide.query().orderBy('id').select('id', 'b')
      expect(stored).toHaveLength(count)
      expect(stored.findIndex(({ id, b }, n) => id !== rows[n]!.id || b !== n)).toBe(-1)
      // Every column of some rows of each statement.
      const some = rows.filter((_, n) => n % 97 === 0 || n === count - 1)
      const read = await Wide.findMany(some.map(({ id }) => id))
      expect(read.map((row) => row.toJSON())).toEqual(some.map((row) => row.toJSON()))
    },
  )

  it('is all or nothing over several statements', async () => {
    await using _ = await open([Author])
    const rows = Array.from({ length: 2_500 }, (_, n) => ({ email: `${n === 2_400 ? 7 : n}@x.org` }))
    await expect(Author.createMany(rows)).rejects.toThrow(dbErrors.UniqueViolation)
    expect(await Author.query().count()).toBe(0)
  })

  it('gives each row its own key while nine others insert into the same table (ORM-14, trap 25)', async () => {
    await using at = await open([Author])
    // MariaDB speaks MySQL's language, which has no RETURNING: the keys are counted from the first of each statement.
    const Here = Author.using(dialect === 'mysql' ? saidToBe(at.db, 'MySQL') : at.db)
    const { promise: allOpen, resolve } = Promise.withResolvers<void>()
    let waiting = 0
    const write = async (_: unknown, writer: number): Promise<Author[]> => {
      const given = Array.from({ length: 500 }, (_, n) => ({ email: `${writer}-${n}`, name: `n${n}`, role: 'user' as const }))
      if (dialect === 'sqlite') return Here.createMany(given)
      return at.db.transaction(async () => {
        if ((waiting += 1) === 10) resolve()
        await allOpen
        return Here.createMany(given)
      })
    }
    at.clear()
    const made = await Promise.all(Array.from({ length: 10 }, write))
    if (dialect === 'mysql') expect(at.statements.filter((text) => text.includes('returning'))).toEqual([])
    const stored = new Map((await Author.query()).map(({ id, email }) => [email, id]))
    expect(stored.size).toBe(5_000)
    for (const [writer, rows] of made.entries()) {
      expect(rows.map(({ email }) => email)).toEqual(Array.from({ length: 500 }, (_, n) => `${writer}-${n}`))
      expect(rows.findIndex(({ email, id }) => stored.get(email) !== id)).toBe(-1)
    }
    // Where keys are counted, some writer's are not all in a row.
    if (dialect === 'mysql') expect(made.some((rows) => rows[499]!.id - rows[0]!.id !== 499)).toBe(true)
  })

  if (dialect === 'mysql') {
    it('counts keys by the step of the session, which is more than one where servers write to each other (trap 25)', async () => {
      await using at = await open([Author])
      const Here = Author.using(saidToBe(at.db, 'MySQL'))
      const made = await at.db.transaction(async () => {
        await at.db.sql`set session auto_increment_increment = 3`
        return Here.createMany(['a', 'b', 'c', 'd'].map((name) => ({ email: name, name, role: 'user' as const })))
      })
      const stored = (await Author.query().orderBy('email')).map(({ id }) => id)
      expect(made.map(({ id }) => id)).toEqual(stored)
      expect(stored.map((id) => id - stored[0]!)).toEqual([0, 3, 6, 9])
    })
  }

  it('keeps the order of rows that give different columns', async () => {
    await using _ = await open([Author])
    const rows = await Author.createMany([
      { email: '1@x.org', name: 'one' },
      { email: '2@x.org' },
      { email: '3@x.org', name: null, role: 'admin' },
      { id: 900, email: '4@x.org' },
      { email: '5@x.org', name: 'five' },
    ])
    expect(rows.map(({ email, name, role }) => [email, name, role])).toEqual([
      ['1@x.org', 'one', 'user'],
      ['2@x.org', null, 'user'],
      ['3@x.org', null, 'admin'],
      ['4@x.org', null, 'user'],
      ['5@x.org', 'five', 'user'],
    ])
    const stored = new Map((await Author.query()).map(({ id, email }) => [id, email]))
    expect(rows.map(({ id }) => stored.get(id))).toEqual(rows.map(({ email }) => email))
  })

  it('stores rows that bring their keys, single or composite', async () => {
    await using _ = await open([...blog, Line])
    const labels = await Label.createMany([{ text: 'a' }, { text: 'b' }])
    expect(labels.map(({ id }) => id)).toEqual((await Label.query().orderBy('text')).map(({ id }) => id))
    const lines = await Line.createMany([1, 2, 3].map((number) => ({ tenantId: 1, number, text: `l${number}` })))
    expect(lines.map(({ number }) => number)).toEqual([1, 2, 3])
    expect(await Line.query().count()).toBe(3)
  })

  it('completes rows that are told by times and bytes', async () => {
    await using at = await open([Reading, Moment])
    // Made here, because a key of MariaDB has a length, which `f.bytes()` has not.
    const bytes = { sqlite: 'blob', postgres: 'bytea', mysql: 'varbinary(32)' }[dialect]!
    await at.db.script(`drop table if exists blobs; create table blobs (hash ${bytes} not null primary key, note text)`)
    using _ = { [Symbol.dispose]: bind([Blob], at.db) }
    const times = [0, 1, 999].map((milliseconds) => new Date(Date.UTC(2026, 5, 1, 12, 0, 0, milliseconds)))
    const readings = await Reading.createMany(times.map((at, level) => ({ sensorId: 1, at, level })))
    expect(readings.map((each) => each.toJSON())).toEqual(times.map((at, level) => ({ sensorId: 1, at: at.toJSON(), note: null, level })))
    expect((await Moment.createMany(times.map((at) => ({ at })))).map(({ at, note }) => [at, note])).toEqual(times.map((at) => [at, null]))
    const hashes = [1, 2, 255].map((byte) => new Uint8Array([0, byte, 0]))
    expect((await Blob.createMany(hashes.map((hash) => ({ hash })))).map(({ hash, note }) => [hash, note])).toEqual(
      hashes.map((hash) => [hash, null]),
    )
    readings[2]!.note = 'last'
    await readings[2]!.save()
    expect((await Reading.findOrFail({ sensorId: 1, at: times[2]! })).note).toBe('last')
  })

  it('stores rows with nothing but what the engine and the model put in', async () => {
    class Ticket extends Model('tickets', { id: f.id() }) {}
    await using _ = await open([Ticket])
    expect((await Ticket.create({})).id).toBe(1)
    expect((await Ticket.createMany([{}, {}])).map(({ id }) => id)).toEqual([2, 3])
  })

  it('sends nothing for no rows, and nothing when one of them is wrong', async () => {
    await using at = await open([Author])
    at.clear()
    expect(await Author.createMany([])).toEqual([])
    await expect(Author.createMany([{ email: 'a' }, { email: 5 as never }])).rejects.toThrow(errors.InvalidValueError)
    await expect(Author.createMany([{ email: 'a' }, undefined as never])).rejects.toThrow(errors.UndefinedValueError)
    await expect(Author.createMany({ email: 'a' } as never)).rejects.toThrow(errors.InvalidValueError)
    expect(at.statements).toEqual([])
  })

  it('is one transaction with what is around it', async () => {
    await using at = await open(blog)
    await expect(
      at.db.transaction(async () => {
        const [author] = await Author.createMany([{ email: 'a' }])
        await Article.createMany([1, 2].map((n) => ({ title: `${n}`, authorId: author!.id })))
        throw new Error('undone')
      }),
    ).rejects.toThrow('undone')
    expect(await Author.query().count()).toBe(0)
  })
})

describe('the pieces of a bulk insert', () => {
  it('stay below the parameters an engine takes, with a handful of sizes (Q9)', () => {
    expect(chunkSizes(2_777, 12, 'sqlite')).toEqual([1_000, 1_000, 512, 256, 8, 1])
    expect(Math.max(...chunkSizes(100_000, 40, 'sqlite'))).toBe(819)
    expect(Math.max(...chunkSizes(100_000, 40, 'sqlite', 32_000))).toBe(19)
    expect(Math.max(...chunkSizes(100_000, 100, 'mysql'))).toBe(655)
    expect(chunkSizes(2_777, 500, 'postgres')).toEqual([1_000, 1_000, 777])
    expect(chunkSizes(0, 1, 'postgres')).toEqual([])
    expect(chunkSizes(3, 200_000, 'mysql')).toEqual([1, 1, 1])
  })

  it('are completed by key, whatever the order of the answer', () => {
    const [id, text] = writeColumns(Wide)
    const rows = [
      ['1', undefined],
      ['2', undefined],
    ] as unknown[][]
    matchRows(
      rows,
      [
        ['2', 'b'],
        ['1', 'a'],
      ],
      [id, text],
      [id],
      false,
    )
    expect(rows).toEqual([
      ['1', 'a'],
      ['2', 'b'],
    ])
    const numbered = (answer: unknown[][]): unknown[][] => {
      const empty = answer.map((): unknown[] => [undefined, undefined])
      matchRows(empty, answer, [id, text], [id], true)
      return empty
    }
    const [nine, ten, eleven] = [
      ['9', 'a'],
      ['10', 'b'],
      ['11', 'c'],
    ]
    expect(numbered([ten!, nine!, eleven!])).toEqual([nine, ten, eleven])
    // As a sequence counts that goes down.
    expect(numbered([eleven!, ten!, nine!])).toEqual([eleven, ten, nine])
    const large = ['9', '10', '11'].map((end) => [`90071992547409${end.padStart(2, '0')}`, end])
    expect(numbered([large[1]!, large[0]!, large[2]!])).toEqual(large)
  })
})

function writeColumns(model: ModelClass): [WriteColumn, WriteColumn] {
  return writerOf(metaOf(model), { dialect: 'postgres' } as Database).columns.slice(0, 2) as [WriteColumn, WriteColumn]
}
