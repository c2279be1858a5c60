import { errors as dbErrors } from '@covet/db'
import { failure } from '@covet/testing'
import { expect, it } from '@jest/globals'
import { errors, f, Model } from '../src/index.ts'
import { useClock } from '../src/write/clock.ts'
import { Article, Author, blog, Card, Line } from './support/articles.ts'
import { onEachEngine, onEachEngineAndFile } from './support/engines.ts'
import { saidToBe } from './support/said-to-be.ts'

onEachEngineAndFile('writing', (open) => {
  it('creates a row with the defaults of its model, and gives what the engine put in (Q8)', async () => {
    await using at = await open(blog)
    const author = await Author.create({ email: 'a@x.org' })
    expect(author).toBeInstanceOf(Author)
    expect(author.toJSON()).toEqual({ id: 1, email: 'a@x.org', name: null, role: 'user' })
    expect((await Author.find(author.id))?.toJSON()).toEqual(author.toJSON())
    expect(at.statements.filter((text) => text.startsWith('insert'))).toHaveLength(1)
  })

  it('sets the times of a row by its clock, and counts its versions', async () => {
    await using _ = await open(blog)
    const author = await Author.create({ email: 'a@x.org' })
    let time = new Date('2026-01-02T03:04:05.678Z')
    const restore = useClock(() => time)
    try {
      const article = await Article.create({ title: 'One', authorId: author.id })
      expect(article).toMatchObject({ createdAt: time, updatedAt: time, version: 1 })
      const created = time
      time = new Date('2026-01-02T03:04:06.789Z')
      article.title = 'Two'
      await article.save()
      expect(article).toMatchObject({ createdAt: created, updatedAt: time, version: 2 })
      expect((await Article.findOrFail(article.id)).toJSON()).toEqual(article.toJSON())
    } finally {
      restore()
    }
  })

  it('saves a new instance, and one that was created (fill, save)', async () => {
    await using _ = await open(blog)
    const author = new Author().fill({ email: 'n@x.org', name: 'N' })
    expect(author.changes()).toEqual({ email: 'n@x.org', name: 'N' })
    await author.save()
    expect(author.id).toBeGreaterThan(0)
    expect(author.changes()).toEqual({})
    author.fill({ name: null })
    expect(author.changes()).toEqual({ name: null })
    await author.save()
    expect((await Author.findOrFail(author.id)).name).toBeNull()
  })

  it('sends nothing for the same values, and one column for one that changed, with the version (ORM-19)', async () => {
    await using at = await open(blog)
    const author = await Author.create({ email: 'a@x.org' })
    const { id } = await Article.create({ title: 'One', authorId: author.id, meta: { list: [1, { a: null }] } })
    const article = await Article.findOrFail(id)
    at.clear()
    article.title = String(article.title)
    article.createdAt = new Date(article.createdAt)
    article.meta = { list: [1, { a: null }] }
    await article.save()
    expect(at.statements).toEqual([])
    article.views = 5
    await article.save()
    expect(at.statements).toHaveLength(1)
    const [text = ''] = at.statements
    expect(text.match(/set (.*) where/)?.[1]?.replaceAll(/["`]|\$\d/g, '')).toMatch(/^views = \??, updated_at = \??, version = \??$/)
    expect(await Article.findOrFail(id)).toMatchObject({ views: 5, version: 2, title: 'One' })
  })

  it('notices what was changed inside a JSON value', async () => {
    await using at = await open(blog)
    const author = await Author.create({ email: 'a@x.org' })
    const article = await Article.create({ title: 'One', authorId: author.id, meta: { list: [1] } })
    ;(article.meta as { list: number[] }).list.push(2)
    at.clear()
    await article.save()
    expect(at.statements).toHaveLength(1)
    expect((await Article.findOrFail(article.id)).meta).toEqual({ list: [1, 2] })
  })

  it('refuses to save what somebody else wrote meanwhile (ORM-12)', async () => {
    await using _ = await open(blog)
    const author = await Author.create({ email: 'a@x.org' })
    const { id } = await Article.create({ title: 'One', authorId: author.id })
    const [first, second] = [await Article.findOrFail(id), await Article.findOrFail(id)]
    first.title = 'first'
    second.title = 'second'
    await first.save()
    await expect(second.save()).rejects.toThrow(errors.StaleObject)
    expect((await Article.findOrFail(id)).title).toBe('first')
    await expect(second.delete()).rejects.toThrow(errors.StaleObject)
  })

  it('refuses to save what was deleted meanwhile', async () => {
    await using _ = await open(blog)
    const author = await Author.create({ email: 'a@x.org' })
    await Author.where('id', author.id).delete()
    author.name = 'late'
    await expect(author.save()).rejects.toThrow(errors.StaleObject)
    await expect(author.refresh()).rejects.toThrow(errors.NotFound)
  })

  it('deletes a row by its instance', async () => {
    await using _ = await open(blog)
    const author = await Author.create({ email: 'a@x.org' })
    await author.delete()
    expect(await Author.query().count()).toBe(0)
    await expect(author.delete()).rejects.toThrow(errors.StaleObject)
    await expect(new Author().delete()).rejects.toThrow(errors.InvalidQueryError)
    await expect(author.restore()).rejects.toThrow(errors.InvalidQueryError)
  })

  it('reads an instance again, and forgets its relations', async () => {
    await using _ = await open(blog)
    const author = await Author.create({ email: 'a@x.org' })
    await Article.create({ title: 'One', authorId: author.id })
    const loaded = await Author.where('id', author.id).with('articles').firstOrFail()
    await Author.where('id', author.id).update({ name: 'new' })
    await loaded.refresh()
    expect(loaded.name).toBe('new')
    expect(() => loaded.articles).toThrow(errors.RelationNotLoaded)
  })

  it('counts on in the engine, so that nothing is lost between (ORM-11)', async () => {
    await using _ = await open(blog)
    const author = await Author.create({ email: 'a@x.org' })
    const { id } = await Article.create({ title: 'One', authorId: author.id })
    let writing = true
    const seen: number[] = []
    const reader = (async () => {
      for (; writing; await new Promise((resolve) => setImmediate(resolve))) seen.push((await Article.findOrFail(id)).views)
    })()
    await Promise.all(Array.from({ length: 100 }, () => Article.where('id', id).update((c) => ({ views: c.views.add(1) }))))
    writing = false
    await reader
    expect(await Article.findOrFail(id)).toMatchObject({ views: 100, version: 101 })
    // Who reads beside the writers sees the count grow.
    expect(seen).toEqual(seen.toSorted((one, other) => one - other))
  })

  it('updates and deletes the rows of a query, also by what they are related to', async () => {
    await using _ = await open(blog)
    const [first, second] = await Author.createMany([{ email: 'a@x.org' }, { email: 'b@x.org' }])
    await Article.createMany([1, 2, 3].map((n) => ({ title: `t${n}`, views: n, authorId: n < 3 ? first!.id : second!.id })))
    expect(await Article.where('author.email', 'a@x.org').update({ title: 'of a' })).toBe(2)
    expect(await Author.where('articles.views', '>', 2).update({ name: 'read' })).toBe(1)
    expect((await Author.findOrFail(second!.id)).name).toBe('read')
    expect(await Article.where('views', '>', 0).orderBy('views', 'desc').limit(1).update({ title: 'top' })).toBe(1)
    expect((await Article.where('title', 'top').firstOrFail()).views).toBe(3)
    // The table that is written is read as well.
    expect(await Article.where((c) => c.author.articles.count().gt(1)).delete()).toBe(2)
    expect(await Author.where('articles.title', 'top').delete()).toBe(1)
    expect(await Article.query().count()).toBe(0)
    expect(await Author.where({ email: 'nobody' }).delete()).toBe(0)
  })

  it('takes values of other columns, of subqueries and null', async () => {
    await using _ = await open(blog)
    const author = await Author.create({ email: 'a@x.org', name: 'A' })
    const article = await Article.create({ title: 'One', views: 2, authorId: author.id, meta: [1] })
    await Article.where('id', article.id).update((c) => ({ views: c.views.mul(3).add(c.authorId), meta: null }))
    expect(await article.refresh()).toMatchObject({ views: 6 + author.id, meta: null })
    await expect(Article.where('id', 1).update((c) => ({ title: c.author.email as never }))).rejects.toThrow(errors.InvalidQueryError)
  })

  it('refuses undefined, and a write without a filter, before anything is sent (ORM-4, trap 19)', async () => {
    await using at = await open(blog)
    await Author.create({ email: 'a@x.org' })
    at.clear()
    const nothing = undefined as never
    expect(() => Author.where('id', nothing)).toThrow(errors.UndefinedValueError)
    expect(() => Author.where({ id: nothing })).toThrow(errors.UndefinedValueError)
    await expect(Author.find(nothing)).rejects.toThrow(errors.UndefinedValueError)
    await expect(Author.query().delete()).rejects.toThrow(errors.UnfilteredWriteError)
    await expect(Author.where({}).delete()).rejects.toThrow(errors.UnfilteredWriteError)
    await expect(Author.where('id', 'not in', []).delete()).rejects.toThrow(errors.UnfilteredWriteError)
    await expect(Author.query().update({ name: 'all' })).rejects.toThrow(errors.UnfilteredWriteError)
    await expect(Author.where('id', 1).update({ name: nothing })).rejects.toThrow(errors.UndefinedValueError)
    await expect(Author.where('id', 1).update({})).rejects.toThrow(errors.InvalidQueryError)
    await expect(Author.create({ email: nothing })).rejects.toThrow(errors.UndefinedValueError)
    await expect(Author.create(nothing)).rejects.toThrow(errors.UndefinedValueError)
    expect(at.statements).toEqual([])
    expect(await Author.query().count()).toBe(1)
    expect(await Author.query().unfiltered().delete()).toBe(1)
  })

  it('takes no structure for a value and no SQL for a name (ORM-5, SQL-01)', async () => {
    await using at = await open(blog)
    // Behind each text what a pattern of LIKE or GLOB would find too with all, or with one, of its characters unescaped.
    const literal = {
      '100%_\\': ['100ab%', '100ab\\', '100ab_\\', '100%x\\', '100%_%'],
      '*?[a]': ['xya', '*?a', 'x?[a]', '*x[a]'],
    }
    const emails = Object.entries(literal).flatMap(([text, decoys]) => [text, ...decoys])
    await Author.createMany(emails.map((email) => ({ email })))
    at.clear()
    expect(() => Author.where('email', { $gt: '' } as never)).toThrow(errors.InvalidValueError)
    expect(() => Author.where('email', ['a'] as never)).toThrow(errors.InvalidValueError)
    expect(() => Author.query().orderBy('id; drop table authors' as never)).toThrow(errors.UnknownColumnError)
    await expect(Author.create({ email: { toString: () => 'x' } as never })).rejects.toThrow(errors.InvalidValueError)
    await expect(Author.create({ email: 'a', 'id"; drop table authors --': 1 } as never)).rejects.toThrow(errors.UnknownColumnError)
    await expect(Author.where('id', 1).update({ email: { $set: 1 } as never })).rejects.toThrow(errors.InvalidValueError)
    expect(at.statements).toEqual([])
    for (const text of Object.keys(literal)) {
      for (const how of ['contains', 'icontains', 'startsWith', 'istartsWith', 'endsWith', 'iendsWith'] as const)
        expect([how, (await Author.where('email', how, text)).map(({ email }) => email)]).toEqual([how, [text]])
    }
    await Author.create({ email: `'); drop table authors; --` })
    expect(await Author.query().count()).toBe(emails.length + 1)
  })

  it('writes rows of composite keys (Q19)', async () => {
    await using _ = await open([Line])
    const line = await Line.create({ tenantId: 1, number: 2, text: 'a' })
    await Line.create({ tenantId: 2, number: 2, text: 'other' })
    line.text = 'b'
    await line.save()
    expect((await Line.findOrFail({ tenantId: 1, number: 2 })).text).toBe('b')
    expect((await Line.findOrFail({ tenantId: 2, number: 2 })).text).toBe('other')
    expect(await Line.where('text', 'b').orderBy('number').limit(1).update({ text: 'c' })).toBe(1)
    await line.refresh()
    line.number = 3
    await line.save()
    expect(await Line.find({ tenantId: 1, number: 2 })).toBeNull()
    await line.delete()
    expect(await Line.query().count()).toBe(1)
  })

  it('tells which constraint a row violates', async () => {
    await using _ = await open(blog)
    const author = await Author.create({ email: 'a@x.org' })
    const told = async (outcome: Promise<unknown>, violation: typeof dbErrors.UniqueViolation, facts: object): Promise<void> => {
      const error = await failure(outcome)
      expect(error).toBeInstanceOf(violation)
      expect(error).toMatchObject(facts)
    }
    const email = { table: 'authors', columns: ['email'] }
    const constraint: unknown = expect.stringMatching(/./)
    await told(Author.create({ email: 'a@x.org' }), dbErrors.UniqueViolation, { ...email, constraint })
    await told(Author.createMany([{ email: 'b@x.org' }, { email: 'a@x.org' }]), dbErrors.UniqueViolation, { ...email, constraint })
    await told(Article.create({ title: 'x', authorId: 99 }), dbErrors.ForeignKeyViolation, {
      ...{ table: 'articles', columns: ['author_id'], constraint },
    })
    await told(Author.where('id', author.id).update({ email: null as never }), dbErrors.NotNullViolation, email)
    await Card.create({ text: 'one', authorId: author.id })
    // A one-to-one relation is a unique foreign key (Q12).
    await expect(Card.create({ text: 'two', authorId: author.id })).rejects.toThrow(dbErrors.UniqueViolation)
  })

  it('gives keys after those that rows brought themselves (trap 26)', async () => {
    await using _ = await open(blog)
    await Author.create({ id: 1, email: '1@x.org' })
    await Author.createMany([
      { id: 2, email: '2@x.org' },
      { id: 3, email: '3@x.org' },
      { id: 5_000, email: '5000@x.org' },
    ])
    expect((await Author.create({ email: 'next@x.org' })).id).toBe(5_001)
    await Author.where('id', 5_001).delete()
    // SQLite without AUTOINCREMENT would give the number again.
    expect((await Author.create({ email: 'later@x.org' })).id).toBe(5_002)
  })

  it('works on a named database, whatever is around', async () => {
    await using here = await open(blog)
    await using there = await open(blog)
    const Elsewhere = Author.using(there.db)
    expect(Author.using(there.db)).toBe(Elsewhere)
    const author = await here.db.run(() => Elsewhere.create({ email: 'a@x.org' }))
    expect(author).toBeInstanceOf(Author)
    expect([await here.db.run(() => Author.query().count()), await Elsewhere.query().count()]).toEqual([0, 1])
    author.name = 'there'
    await here.db.run(() => author.save())
    await Elsewhere.createMany([{ email: 'b@x.org' }])
    await Elsewhere.upsert([{ email: 'b@x.org', name: 'b' }], { on: ['email'] })
    await Elsewhere.firstOrCreate({ email: 'c@x.org' })
    await Elsewhere.updateOrCreate({ email: 'c@x.org' }, { name: 'c' })
    await new Elsewhere().fill({ email: 'd@x.org', name: 'd' }).save()
    expect((await Elsewhere.query().orderBy('id')).map(({ name }) => name)).toEqual(['there', 'b', 'c', 'd'])
    expect(await Elsewhere.where('name', 'd').delete()).toBe(1)
    expect(await here.db.run(() => Author.query().count())).toBe(0)
  })

  it('refuses a class that declares a column again, which would hide its value (trap 33)', async () => {
    class Hidden extends Author {
      override email: string = undefined as never
    }
    await using _ = await open([Hidden])
    await expect(Hidden.create({ email: 'a@x.org' })).rejects.toThrow(/declares 'email' again|hides/)
  })

  it('checks what the fields check', async () => {
    class Even extends Model('evens', {
      id: f.id(),
      n: f.int().check((n) => (n % 2 === 0 ? undefined : 'must be even')),
      later: f
        .int()
        .nullable()
        .check((n) => (n > 0 ? undefined : 'must be positive')),
    }) {}
    await using _ = await open([Even])
    await expect(Even.create({ n: 1 })).rejects.toThrow('Even.n: must be even')
    const even = await Even.create({ n: 2, later: null })
    even.n = 3
    await expect(even.save()).rejects.toThrow(errors.InvalidValueError)
    await expect(Even.where('id', even.id).update({ later: 0 })).rejects.toThrow('must be positive')
  })

  it('leaves alone what the engine computes, and reads it', async () => {
    class Box extends Model('boxes', {
      id: f.id(),
      width: f.int(),
      height: f.int(),
      area: f.int().generated(),
      note: f.string().nullable(),
    }) {}
    await using at = await open()
    const id =
      {
        sqlite: 'integer primary key autoincrement',
        postgres: 'bigint generated by default as identity primary key',
        mysql: 'bigint auto_increment primary key',
      }[at.db.dialect] ?? ''
    await at.db.script('drop table if exists boxes')
    await at.db.script(
      `create table boxes (id ${id}, width bigint not null, height bigint not null, area bigint generated always as (width * height) stored, note varchar(20) default 'from the engine')`,
    )
    const Here = Box.using(at.db)
    const box = await Here.create({ width: 2, height: 3 })
    expect(box).toMatchObject({ id: 1, area: 6, note: 'from the engine' })
    box.height = 4
    await box.save()
    expect(box.area).toBe(8)
    expect(
      (
        await Here.createMany([
          { width: 1, height: 1 },
          { width: 5, height: 5 },
        ])
      ).map(({ area }) => area),
    ).toEqual([1, 25])
    await expect(Here.create({ width: 1, height: 1, area: 1 } as never)).rejects.toThrow(errors.InvalidValueError)
    await expect(Here.where('id', 1).update({ area: 1 } as never)).rejects.toThrow(errors.InvalidValueError)
    ;(box as { area: number }).area = 9
    await expect(box.save()).rejects.toThrow(errors.InvalidValueError)
  })

  it('fills columns only, and all of them or none', () => {
    const author = new Author()
    expect(() => author.fill({ name: 'x', nmae: 'y' } as never)).toThrow(errors.UnknownColumnError)
    expect(() => author.fill({ name: 'x', email: undefined } as never)).toThrow(errors.UndefinedValueError)
    expect(() => author.fill(undefined as never)).toThrow(errors.UndefinedValueError)
    expect(() => author.fill([] as never)).toThrow(errors.InvalidValueError)
    expect(author.changes()).toEqual({})
    author.fill({ name: 'x' })
    expect(author.changes()).toEqual({ name: 'x' })
  })

  it('takes models of any width', async () => {
    const columns = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`c${n}`, f.int().nullable()] as const))
    class Wide extends Model('wide_rows', { id: f.id(), ...columns }) {}
    await using _ = await open([Wide])
    const values = { c0: 1, c59: 2 } as never
    const row = (await Wide.create(values)) as unknown as Record<string, number | null>
    expect([row['c0'], row['c1'], row['c59']]).toEqual([1, null, 2])
    const [many] = (await Wide.createMany([values, { c1: 5 } as never])) as unknown as Record<string, number | null>[]
    expect([many?.['c0'], many?.['c59']]).toEqual([1, 2])
    await Wide.where('id', 1).update({ c58: 7 } as never)
    expect(await Wide.where('c58' as never, 7 as never).count()).toBe(1)
  })
})

onEachEngine('writing without RETURNING, as on MySQL', (open, dialect) => {
  it('reads what the engine put in again, in the same transaction (Q8)', async () => {
    await using at = await open(blog)
    // MariaDB speaks MySQL's language; only what it says about itself differs.
    const mysql = dialect === 'mysql' ? saidToBe(at.db, 'MySQL') : at.db
    const Here = Author.using(mysql)
    at.clear()
    const author = await Here.create({ email: 'a@x.org' })
    expect(author).toMatchObject({ id: 1, name: null, role: 'user' })
    const many = await Here.createMany([{ email: 'b@x.org' }, { email: 'c@x.org' }, { id: 90, email: 'd@x.org' }])
    expect(many.map(({ id, name }) => [id, name])).toEqual([
      [2, null],
      [3, null],
      [90, null],
    ])
    const upserted = await Here.upsert(
      [
        { email: 'd@x.org', name: 'D' },
        { email: 'e@x.org', name: 'E' },
      ],
      { on: ['email'] },
    )
    expect(upserted.map(({ id, name }) => [id > 89, name])).toEqual([
      [true, 'D'],
      [true, 'E'],
    ])
    expect(at.statements.some((text) => text.includes('returning'))).toBe(dialect !== 'mysql')
  })
})
