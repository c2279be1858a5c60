import { expect, it } from '@jest/globals'
import { errors, f, Model } from '../src/index.ts'
import { Account, Article, Author, blog, Line } from './support/articles.ts'
import { onEachEngineAndFile } from './support/engines.ts'

class Twice extends Model('twices', { id: f.id(), a: f.string({ max: 20 }).unique(), b: f.string({ max: 20 }).unique() }) {}
class Folded extends Model('folded', { id: f.id(), name: f.string({ max: 20, ci: true }).unique(), n: f.int() }) {}

onEachEngineAndFile('upserts', (open, dialect) => {
  it('creates what is not there and writes into what is, the last of a key counting (ORM-15)', async () => {
    await using _ = await open(blog)
    const known = await Author.create({ email: 'a@x.org', name: 'old', role: 'admin' })
    const rows = await Author.upsert(
      [
        { email: 'b@x.org', name: 'first' },
        { email: 'a@x.org', name: 'new' },
        { email: 'b@x.org', name: 'last' },
      ],
      { on: ['email'] },
    )
    expect(rows.map(({ email, name }) => [email, name])).toEqual([
      ['b@x.org', 'last'],
      ['a@x.org', 'new'],
      ['b@x.org', 'last'],
    ])
    expect(rows[0]).toBe(rows[2])
    // What was not given stays.
    expect(rows[1]).toMatchObject({ id: known.id, role: 'admin' })
    expect(await Author.query().count()).toBe(2)
    expect((await Author.findOrFail(rows[0]!.id)).toJSON()).toEqual(rows[0]!.toJSON())
  })

  it('leaves what a row does not give, though others of the list give it', async () => {
    await using _ = await open(blog)
    await Author.createMany([
      { email: 'a@x.org', name: 'A', role: 'admin' },
      { email: 'b@x.org', name: 'B', role: 'admin' },
    ])
    const rows = await Author.upsert(
      [
        { email: 'a@x.org', role: 'user' },
        { email: 'b@x.org', name: 'new' },
        { email: 'c@x.org', name: 'made' },
      ],
      { on: ['email'] },
    )
    const wanted = [
      { email: 'a@x.org', name: 'A', role: 'user' },
      { email: 'b@x.org', name: 'new', role: 'admin' },
      { email: 'c@x.org', name: 'made', role: 'user' },
    ]
    expect(rows).toMatchObject(wanted)
    expect([...(await Author.query().orderBy('email'))]).toMatchObject(wanted)
  })

  it('writes in the order of the keys, whatever each row gives', async () => {
    await using at = await open(blog)
    const rows = await Author.upsert([{ email: '3', name: 'c' }, { email: '2' }, { email: '1', name: 'a' }, { email: '4', name: 'd' }], {
      on: ['email'],
    })
    expect(rows.toSorted((left, right) => left.id - right.id).map(({ email }) => email)).toEqual(['1', '2', '3', '4'])
    expect(at.statements.filter((text) => text.startsWith('insert'))).toHaveLength(3)
    at.clear()
    await Author.upsert(
      ['3', '1', '4', '2'].map((email) => ({ email, name: 'x' })),
      { on: ['email'] },
    )
    expect(at.statements.filter((text) => text.startsWith('insert'))).toHaveLength(1)
  })

  it('waits in no circle for another upsert of rows that give different columns', async () => {
    await using _ = await open(blog)
    const emails = ['1', '2', '3'].map((key) => ({ email: `${key}@x.org` }))
    await Author.createMany(emails)
    for (let round = 0; round < 50; round += 1) {
      const [one, two, three] = emails.map((row) => ({ ...row, name: `${round}` }))
      await Promise.all([
        Author.upsert([one!, emails[1]!, three!], { on: ['email'] }),
        Author.upsert([emails[2]!, two!], { on: ['email'] }),
      ])
    }
    expect(await Author.where('name', '49').count()).toBe(3)
  })

  it('writes the named columns only, and none when none are named (trap 27)', async () => {
    await using _ = await open(blog)
    await Author.create({ email: 'a@x.org', name: 'old', role: 'admin' })
    const [named] = await Author.upsert([{ email: 'a@x.org', name: 'new', role: 'user' }], { on: ['email'], update: ['role'] })
    expect(named).toMatchObject({ name: 'old', role: 'user' })
    const [left, made] = await Author.upsert(
      [
        { email: 'a@x.org', name: 'x' },
        { email: 'n@x.org', name: 'y' },
      ],
      { on: ['email'], update: [] },
    )
    expect([left?.name, made?.name]).toEqual(['old', 'y'])
    expect((await Author.where('email', 'a@x.org').firstOrFail()).name).toBe('old')
  })

  it('takes a single row, a primary key, and a composite one', async () => {
    await using _ = await open([...blog, Line])
    const [line] = await Line.upsert({ tenantId: 1, number: 1, text: 'a' }, { on: ['tenantId', 'number'] })
    expect(line?.text).toBe('a')
    expect((await Line.upsert({ tenantId: 1, number: 1, text: 'b' }, { on: ['tenantId', 'number'] })).map(({ text }) => text)).toEqual([
      'b',
    ])
    expect(await Line.query().count()).toBe(1)
    await Author.upsert([{ id: 7, email: 'seven@x.org' }], { on: ['id'], anyKey: true })
    expect((await Author.create({ email: 'next@x.org' })).id).toBe(8)
  })

  it('counts the version and sets the time of what it writes into', async () => {
    await using _ = await open(blog)
    const author = await Author.create({ email: 'a@x.org' })
    const past = new Date('2024-03-10T02:30:00.123Z')
    const article = await Article.create({ title: 'One', authorId: author.id, createdAt: past, updatedAt: past })
    const [again] = await Article.upsert([{ id: article.id, title: 'Two', authorId: author.id }], { on: ['id'] })
    expect(again).toMatchObject({ id: article.id, title: 'Two', version: 2, createdAt: past, views: 0 })
    expect(again!.updatedAt.getTime()).toBeGreaterThan(past.getTime())
    expect((await Article.findOrFail(article.id)).toJSON()).toEqual(again!.toJSON())
  })

  it('takes a key that folds case for the same (trap 24)', async () => {
    await using _ = await open([Folded])
    await Folded.create({ name: 'Ann', n: 1 })
    const rows = await Folded.upsert(
      [
        { name: 'ANN', n: 2 },
        { name: 'ann', n: 3 },
      ],
      { on: ['name'] },
    )
    expect(rows.map(({ n }) => n)).toEqual([3, 3])
    expect(await Folded.query().count()).toBe(1)
    expect(await Folded.where('name', 'aNN').count()).toBe(1)
  })

  it('leaves softly deleted rows alone, and makes new ones (trap 28)', async () => {
    await using _ = await open([Account])
    const gone = await Account.create({ login: 'ann', note: 'old' })
    await gone.delete()
    const [account] = await Account.upsert([{ login: 'ann', note: 'new' }], { on: ['login'] })
    expect(account!.id).not.toBe(gone.id)
    expect((await Account.upsert([{ login: 'ann', note: 'newer' }], { on: ['login'] }))[0]).toMatchObject({
      id: account!.id,
      note: 'newer',
    })
    expect(await Account.query().withDeleted().count()).toBe(2)
  })

  it('finds the softly deleted row of a primary key, and leaves it deleted (trap 28)', async () => {
    await using _ = await open([Account])
    const gone = await Account.create({ login: 'ann', note: 'old' })
    await gone.delete()
    const row = { id: gone.id, login: 'ann', note: 'new' }
    const [left] = await Account.upsert([row], { on: ['id'], update: [], anyKey: true })
    expect(left).toMatchObject({ id: gone.id, note: 'old', deletedAt: gone.deletedAt })
    const [written] = await Account.upsert([row], { on: ['id'], update: ['note'], anyKey: true })
    expect(written).toMatchObject({ id: gone.id, note: 'new', deletedAt: gone.deletedAt })
    expect(await Account.query().count()).toBe(0)
  })

  it('refuses a key that decides nothing, and on MySQL one beside another that decides too, before anything is sent (Q10, trap 25)', async () => {
    await using at = await open([...blog, Twice])
    at.clear()
    await expect(Author.upsert([{ email: 'a' }], { on: ['name'] as never })).rejects.toThrow(errors.InvalidQueryError)
    await expect(Author.upsert([{ email: 'a' }], { on: [] })).rejects.toThrow(errors.InvalidQueryError)
    await expect(Author.upsert([{ email: 'a' }], undefined as never)).rejects.toThrow(errors.InvalidQueryError)
    await expect(Author.upsert([{ name: 'a' } as never], { on: ['email'] })).rejects.toThrow(errors.InvalidValueError)
    expect(await Author.upsert([], { on: ['email'] })).toEqual([])
    expect(at.statements).toEqual([])
    const twice = Twice.upsert([{ a: '1', b: '1' }], { on: ['a'] })
    if (dialect === 'mysql') await expect(twice).rejects.toThrow(/anyKey: true/)
    else expect(await twice).toHaveLength(1)
    await Twice.upsert([{ a: '2', b: '2' }], { on: ['a'], anyKey: true })
    expect(await Twice.where('a', '2').count()).toBe(1)
  })

  it('stores many rows over several statements', async () => {
    await using _ = await open([Author])
    const rows = (name: string): { email: string; name: string }[] =>
      Array.from({ length: 1_500 }, (_, n) => ({ email: `${n}@x.org`, name }))
    const first = await Author.upsert(rows('a'), { on: ['email'] })
    const second = await Author.upsert(rows('b'), { on: ['email'] })
    expect(second.map(({ id }) => id)).toEqual(first.map(({ id }) => id))
    expect(await Author.where('name', 'b').count()).toBe(1_500)
  })

  it('finds or creates one row, however many ask at once', async () => {
    await using _ = await open(blog)
    const found = await Promise.all(Array.from({ length: 12 }, (_, n) => Author.firstOrCreate({ email: 'one@x.org' }, { name: `${n}` })))
    expect(new Set(found.map(({ id }) => id)).size).toBe(1)
    expect(await Author.query().count()).toBe(1)
    expect(await Author.firstOrCreate({ email: 'one@x.org' })).toMatchObject({ id: found[0]!.id })
  })

  it('updates or creates one row, however many ask at once', async () => {
    await using _ = await open(blog)
    const made = await Promise.all(Array.from({ length: 8 }, (_, n) => Author.updateOrCreate({ email: 'one@x.org' }, { name: `${n}` })))
    expect(new Set(made.map(({ id }) => id)).size).toBe(1)
    expect(await Author.query().count()).toBe(1)
    expect((await Author.updateOrCreate({ email: 'one@x.org' }, { name: 'last' })).name).toBe('last')
    expect((await Author.findOrFail(made[0]!.id)).name).toBe('last')
  })

  it('does not take a list for a value, which would match any of them (Q2)', async () => {
    await using _ = await open(blog)
    await Author.createMany([{ email: 'one@x.org' }, { email: 'two@x.org' }])
    const match = { email: ['two@x.org', 'one@x.org'] as never }
    await expect(Author.updateOrCreate(match, { name: 'taken' })).rejects.toThrow(errors.InvalidValueError)
    await expect(Author.firstOrCreate(match)).rejects.toMatchObject({ statusCode: 400 })
    expect(await Author.where('name', 'taken').count()).toBe(0)
  })

  // A transaction of SQLite that may write has the database to itself.
  if (dialect !== 'sqlite') {
    it('finds or creates inside a transaction that began to read before somebody else created the row', async () => {
      await using at = await open(blog)
      await at.db.transaction(async () => {
        expect(await Author.query().count()).toBe(0)
        const first = await at.db.detached(() => Author.create({ email: 'one@x.org', name: 'first' }))
        expect(await Author.firstOrCreate({ email: 'one@x.org' }, { name: 'second' })).toMatchObject({ id: first.id, name: 'first' })
      })
      expect(await Author.query().count()).toBe(1)
    })
  }

  it('finds or creates inside a transaction without losing it', async () => {
    await using at = await open(blog)
    await at.db.transaction(async () => {
      await Author.create({ email: 'before@x.org' })
      await Author.firstOrCreate({ email: 'one@x.org' })
      await Author.updateOrCreate({ email: 'one@x.org' }, { name: 'x' })
      await expect(Author.firstOrCreate({ name: 'nobody' }, { email: 'one@x.org' })).rejects.toThrow()
    })
    expect(await Author.query().count()).toBe(2)
  })
})
