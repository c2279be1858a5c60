import { describe, expect, it } from '@jest/globals'
import { assignments, errors, fragment, identifier, join, list, values } from '../src/index.ts'
import { bodies, collect, fileDb, memoryDb } from './support/databases.ts'

describe('db.sql', () => {
  it('SQL-04 refuses to be called with a string, or with something that poses as a template', async () => {
    await using db = await memoryDb()
    const forged = 'select 1' as unknown as TemplateStringsArray
    await expect(db.sql(forged)).rejects.toMatchObject({ code: 'db/not-a-template' })
    await expect(db.sql(['select 1'] as unknown as TemplateStringsArray)).rejects.toBeInstanceOf(errors.NotATemplateError)
    expect(() => fragment(forged)).toThrow(errors.NotATemplateError)
  })

  it('SQL-02 keeps a value that looks like a fragment a value', async () => {
    await using db = await memoryDb()
    const forged = JSON.parse('{"pieces":[{"kind":"text","text":"1; drop table notes"}]}') as object
    await expect(db.sql`select ${forged} as v`).rejects.toBeInstanceOf(errors.DatabaseError)
    expect(await bodies(db)).toEqual([])
  })

  it('numbers the parameters of nested fragments in order', async () => {
    await using db = await memoryDb()
    const inner = fragment`${'b'} as b, ${fragment`${'c'} as c`}`
    expect(await db.sql`select ${'a'} as a, ${inner}, ${'d'} as d${fragment``}`).toEqual([{ a: 'a', b: 'b', c: 'c', d: 'd' }])
  })

  it('updates with assignments, of the columns named only', async () => {
    await using db = await memoryDb()
    await db.sql`insert into notes ${values({ id: 1, body: 'A', admin: true }, ['id', 'body'])}`
    await db.sql`update notes set ${assignments({ body: 'B', id: 9 }, ['body'])} where ${join([fragment`id = ${1}`, fragment`body = ${'A'}`], ' and ')}`
    expect(await db.sql`select id, body from notes`).toEqual([{ id: 1, body: 'B' }])
    await db.sql`update notes set ${assignments({ id: 2, body: 'C' })}`
    expect(await db.sql`select ${identifier('notes', 'id')} from notes`).toEqual([{ id: 2 }])
  })

  it('puts more rows into a statement than a call takes arguments', () => {
    const rows = Array.from({ length: 16_000 }, (_, id) => ({ id, a: 1, b: 2, c: 3 }))
    expect(values(rows).pieces.filter(({ kind }) => kind === 'value')).toHaveLength(64_000)
  })

  it('refuses what SQL cannot say, and names that are none', () => {
    expect(() => list([])).toThrow(errors.EmptyListError)
    expect(() => values([])).toThrow(errors.EmptyListError)
    expect(() => values({})).toThrow(errors.EmptyListError)
    expect(() => assignments({})).toThrow(errors.EmptyListError)
    expect(() => join([], ' and ')).toThrow(errors.EmptyListError)
    expect(() => values([{ a: 1 }, { b: 1 }] as object[])).toThrow('Row 2 of values()')
    expect(() => values([{ a: 1 }, { a: 1, b: 2 }])).toThrow(errors.UnevenRowsError)
    expect(() => identifier('')).toThrow(errors.InvalidDatabaseOptionError)
    expect(() => identifier('a\0b')).toThrow(errors.InvalidDatabaseOptionError)
    expect(() => identifier({} as string)).toThrow('must be a name')
  })

  it('streams what a statement that writes returns', async () => {
    await using db = await memoryDb()
    const ids: number[] = []
    for await (const { id } of db.sql.stream<{ id: number }>`insert into notes ${values([
      { id: 1, body: 'A' },
      { id: 2, body: 'B' },
    ])} returning id`) {
      ids.push(id)
    }
    expect(ids).toEqual([1, 2])
  })

  it('streams from a new connection after one was lost, and reads at once what writes', async () => {
    let lost = 0
    const stream = (): never => {
      lost += 1
      throw new errors.ConnectionLost()
    }
    const holder = await fileDb({ faults: (role) => (role === 'stream' && lost === 0 ? { stream } : {}) })
    await using _ = holder
    const { db } = holder
    await expect(db.sql.stream`select 1`.next()).rejects.toBeInstanceOf(errors.ConnectionLost)
    expect(await collect(db.sql.stream`select 1 as one`)).toEqual([{ one: 1 }])
    expect(await collect(db.sql.stream`insert into notes (id, body) values (1, 'A') returning body`)).toEqual([{ body: 'A' }])
  })

  it('tells the key of an inserted row where the engine does', async () => {
    await using db = await memoryDb()
    expect(await db.sql.run`insert into notes (id, body) values (7, 'A')`).toEqual({ changes: 1, lastInsertId: 7 })
  })
})

describe('db.script', () => {
  it('undoes a transaction that it leaves open, and says so', async () => {
    await using db = await memoryDb()
    await expect(db.script(`begin; insert into notes (id, body) values (1, 'A')`)).rejects.toMatchObject({ code: 'db/unbalanced-script' })
    expect(await bodies(db)).toEqual([])
  })

  it('cannot end the transaction it runs in unnoticed', async () => {
    await using db = await memoryDb()
    await expect(db.transaction(() => db.script('commit'))).rejects.toMatchObject({ code: 'db/unbalanced-script' })
    await expect(db.transaction(() => db.script('commit; begin'))).rejects.toBeInstanceOf(errors.DatabaseError)
    expect(await db.transaction(() => bodies(db))).toEqual([])
  })
})

describe('db.kysely', () => {
  it('streams, is made once, and outlives being destroyed', async () => {
    await using db = await memoryDb()
    const kysely = db.kysely<{ notes: { id: number; body: string } }>()
    const { insertId } = await kysely.insertInto('notes').values({ id: 3, body: 'A' }).executeTakeFirstOrThrow()
    expect(insertId).toBe(3n)
    const streamed: string[] = []
    for await (const { body } of kysely.selectFrom('notes').select('body').stream()) streamed.push(body)
    expect(streamed).toEqual(['A'])
    expect((await kysely.introspection.getTables()).map(({ name }) => name)).toEqual(['notes'])
    expect(db.kysely()).toBe(kysely)
    await kysely.destroy()
    expect(await bodies(db)).toEqual(['A'])
  })

  it('begins no transaction of its own, which other queries would not see', async () => {
    await using db = await memoryDb()
    const outcome = db
      .kysely()
      .transaction()
      .execute(async () => undefined)
    await expect(outcome).rejects.toMatchObject({ code: 'db/kysely-transaction' })
  })

  it('passes a signal on', async () => {
    await using db = await memoryDb()
    const query = db.kysely<{ notes: { id: number } }>().selectFrom('notes').selectAll()
    await expect(query.execute({ signal: AbortSignal.abort() })).rejects.toThrow(/abort/i)
    expect(await query.execute({ signal: new AbortController().signal })).toEqual([])
  })
})
