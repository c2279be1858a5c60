import { describe, expect, it } from '@jest/globals'
import { bind, errors, f, Model } from '../../src/index.ts'
import { blog, Category, fillBlog, Post, User } from '../support/blog.ts'
import { onEachEngine } from '../support/engines.ts'

onEachEngine('queries', (open, dialect) => {
  it('find by key, one, exactly one, some and whether there are any', async () => {
    await using space = await open(blog)
    const { ada, bob } = await fillBlog()
    space.clear()
    expect((await User.find(ada.id))?.email).toBe('ada@x.org')
    expect(await User.find(999)).toBeNull()
    await expect(User.findOrFail(999)).rejects.toMatchObject({ code: 'orm/not-found', statusCode: 404 })
    expect((await User.findMany([bob.id, 999, ada.id])).map(({ id }) => id)).toEqual([bob.id, ada.id])
    expect(await User.where('active', true).count()).toBe(2)
    expect(await User.where('email', 'nobody').exists()).toBe(false)
    expect(space.statements.at(-1)).toMatch(/limit 1$/)
    await expect(User.query().get()).rejects.toThrow(errors.MultipleFound)
    await expect(User.where('email', 'nobody').get()).rejects.toThrow(errors.NotFound)
    await expect(User.where('email', 'nobody').firstOrFail()).rejects.toThrow(errors.NotFound)
    expect((await User.where({ email: 'bob@y.org', active: false }).get()).id).toBe(bob.id)
    expect(await User.where({ id: [ada.id, bob.id] }).count()).toBe(2)
    expect((await User.where('id', ada.id).get()).domain).toBe('x.org')
  })

  it('read no more rows than they answer with, behind an offset too', async () => {
    await using space = await open(blog)
    const { bob, cid } = await fillBlog()
    const ordered = User.query().orderBy('id')
    space.clear()
    expect((await ordered.offset(1).first())?.id).toBe(bob.id)
    expect((await ordered.offset(1).firstOrFail()).id).toBe(bob.id)
    await expect(ordered.offset(1).get()).rejects.toThrow(errors.MultipleFound)
    expect((await ordered.offset(2).get()).id).toBe(cid.id)
    expect(await ordered.offset(3).first()).toBeNull()
    for (const text of space.statements) expect(text).toMatch(/ limit (?!-1)(?!18446744073709551615)\S+/)
    expect(space.statements).toHaveLength(5)
    expect(await ordered.limit(0).first()).toBeNull()
    expect(await ordered.limit(0).offset(1).first()).toBeNull()
    expect((await ordered.limit(1).offset(1).get()).id).toBe(bob.id)
    expect((await ordered.offset(1).union(ordered).first())?.id).toBeDefined()
    expect(space.statements.at(-1)).toMatch(/ limit (?!-1)(?!18446744073709551615)\S+/)
    expect((await ordered.limit(2).union(ordered.limit(1)).orderBy('id').offset(1).first())?.id).toBe(bob.id)
    expect(space.statements.at(-1)).toMatch(/ limit (?!-1)(?!18446744073709551615)[^)]*$/)
  })

  it('run each time they are awaited and never change', async () => {
    await using space = await open(blog)
    await fillBlog()
    space.clear()
    const query = User.where('active', true)
    const narrower = query.where('name', 'Ada')
    expect(await query).toHaveLength(2)
    expect(await narrower).toHaveLength(1)
    expect(await query).toHaveLength(2)
    expect(space.statements).toHaveLength(3)
  })

  it('order NULL last everywhere and break ties by the key', async () => {
    await using space = await open(blog)
    void space
    await fillBlog()
    const titles = async (query: PromiseLike<Post[]>): Promise<string[]> => (await query).map(({ title }) => title)
    expect(await titles(Post.query().orderBy('price'))).toEqual(['first', 'other', 'second', 'third'])
    expect(await titles(Post.query().orderBy('price', 'desc'))).toEqual(['second', 'other', 'first', 'third'])
    expect(await titles(Post.query().orderBy('price', 'desc', { nulls: 'first' }))).toEqual(['third', 'second', 'other', 'first'])
    expect(await titles(Post.query().orderBy('views', 'desc').limit(2))).toEqual(['second', 'other'])
    expect(
      await titles(
        Post.query()
          .orderBy('author.email')
          .orderBy((c) => c.views.desc())
          .offset(1),
      ),
    ).toEqual(['third', 'first', 'other'])
  })

  it('break ties by the key, wherever the engine keeps the rows and however it comes by them (Q6, trap 20)', async () => {
    await using space = await open(blog)
    const users = await User.createMany(['e', 'd', 'c', 'b', 'a'].map((email) => ({ email, name: 'same' })))
    const ids = users.map(({ id }) => id)
    // PostgreSQL stores it behind the others now; SQLite reads by the index of the condition.
    await User.where('id', ids[0]!).update({ active: false })
    const tied = User.where('email', '>', '').orderBy('name')
    space.clear()
    const pages = [tied.limit(2), tied.limit(2).offset(2), tied.offset(4)]
    expect(await Promise.all(pages.map(async (page) => (await page).map(({ id }) => id)))).toEqual([
      ids.slice(0, 2),
      ids.slice(2, 4),
      ids.slice(4),
    ])
    for (const text of space.statements) expect(text).toMatch(/ order by .*name.*,[^,]*\bid\b/)
  })

  it('page by numbers and by cursor, over values that are equal and missing', async () => {
    await using space = await open(blog)
    void space
    await fillBlog()
    const page = await Post.query().orderBy('id').paginate({ page: 2, perPage: 3 })
    expect({ ...page, items: page.items.map(({ title }) => title) }).toEqual({ items: ['other'], total: 4, page: 2, perPage: 3, pages: 2 })
    const query = Post.query().orderBy('views', 'desc').orderBy('price')
    const seen: string[] = []
    let after: string | null = null
    do {
      const { items, next }: { items: Post[]; next: string | null } = await query.cursor({ size: 1, after })
      seen.push(...items.map(({ title }) => title))
      after = next
    } while (after !== null)
    expect(seen).toEqual((await query).map(({ title }) => title))
    const middle = await query.cursor({ size: 2, after: (await query.cursor({ size: 2 })).next })
    expect(middle.next).toBeNull()
    const back = await query.cursor({ size: 2, before: middle.previous })
    expect(back.items.map(({ title }) => title)).toEqual(seen.slice(0, 2))
    const foreign = (await User.query().cursor({ size: 1 })).next
    await expect(query.cursor({ size: 1, after: foreign })).rejects.toThrow('not from this query')
    await expect(query.cursor({ size: 1, after: 'x"; drop table posts' })).rejects.toThrow('not from this query')
  })

  it('give plain rows, some columns, and rows of several queries', async () => {
    await using space = await open(blog)
    void space
    await fillBlog()
    expect(await Post.where('views', 9).select('title', 'price').orderBy('id')).toEqual([
      { title: 'second', price: '10.25' },
      { title: 'other', price: '2.00' },
    ])
    expect(await Post.query().select('views').distinct().count()).toBe(3)
    const partly = await Post.query().only('title').orderBy('id').firstOrFail()
    expect(partly.title).toBe('first')
    expect(() => (partly as Post).views).toThrow(errors.ColumnNotRead)
    const without = await Post.query().defer('meta').orderBy('id').firstOrFail()
    expect(without.views).toBe(3)
    expect(() => (without as Post).meta).toThrow(errors.ColumnNotRead)
    const hot = Post.where('views', 9)
    const titles = async (query: PromiseLike<Post[]>): Promise<string[]> => (await query).map(({ title }) => title)
    expect(await titles(hot.union(Post.where('title', 'second')).orderBy('id'))).toEqual(['second', 'other'])
    expect(await hot.unionAll(Post.where('title', 'second')).count()).toBe(3)
    expect(await titles(hot.intersect(Post.where('title', 'second')))).toEqual(['second'])
    expect(await titles(hot.except(Post.where('title', 'second')))).toEqual(['other'])
    expect(await titles(hot.orderBy('id').limit(1).union(Post.where('title', 'first')).orderBy('id'))).toEqual(['first', 'second'])
  })

  it('leave columns out of each row for itself: what is set in one is not read in another', async () => {
    await using space = await open(blog)
    void space
    await fillBlog()
    const [first, second] = (await Post.query().only('title').orderBy('id').limit(2)) as [Post, Post]
    expect(Object.keys(first)).not.toContain('views')
    first.views = 77
    expect([first.views, Object.keys(first).includes('views')]).toEqual([77, true])
    expect(() => second.views).toThrow(errors.ColumnNotRead)
  })

  it('walk a tree in one query, circles included', async () => {
    await using space = await open(blog)
    const [root, left, right] = (await Category.createMany([{ name: 'root' }, { name: 'left' }, { name: 'right' }])) as [
      Category,
      Category,
      Category,
    ]
    await Category.where('id', 'in', [left.id, right.id]).update({ parentId: root.id })
    const leaf = await Category.create({ name: 'leaf', parentId: left.id })
    space.clear()
    const below = await Category.query()
      .recursive({ from: (query) => query.where('id', root.id), via: 'children' })
      .orderBy('id')
    expect(below.map(({ name }) => name)).toEqual(['root', 'left', 'right', 'leaf'])
    const above = await Category.query()
      .recursive({ from: (query) => query.where('id', leaf.id), via: 'parent', depth: 1 })
      .orderBy('id')
    expect(above.map(({ name }) => name)).toEqual(['left', 'leaf'])
    expect(space.statements).toHaveLength(2)
    await Category.where('id', root.id).update({ parentId: leaf.id })
    expect(
      await Category.query()
        .recursive({ from: (query) => query.where('id', root.id), via: 'children' })
        .count(),
    ).toBe(4)
  })

  it('take SQL of the application, with further columns as they come', async () => {
    await using space = await open(blog)
    void space
    await fillBlog()
    const minimum = 1
    const users = await User.raw`select u.*, (select count(*) from posts p where p.author_id = u.id) as n from users u
      where (select count(*) from posts p where p.author_id = u.id) >= ${minimum} order by u.id`
    expect(users.map(({ email, domain, active, n }) => ({ email, domain, active, n: Number(n) }))).toEqual([
      { email: 'ada@x.org', domain: 'x.org', active: true, n: 3 },
      { email: 'bob@y.org', domain: 'y.org', active: false, n: 1 },
    ])
    await expect(User.raw`select id from users`).rejects.toThrow("no column 'email'")
  })

  it('lock rows inside a transaction', async () => {
    await using space = await open(blog)
    const { ada } = await fillBlog()
    if (dialect === 'sqlite') {
      expect(() => User.query().lock('update').toSql()).toThrow('SQLite has no row locks')
      return
    }
    await expect(User.where('id', ada.id).lock('update').get()).rejects.toThrow('put it into db.transaction()')
    await space.db.transaction(async () => {
      await User.where('id', ada.id).lock('update').get()
      const free = await space.db.detached(() => space.db.transaction(() => User.query().lock('update', { skipLocked: true })))
      expect(free.map(({ id }) => id)).not.toContain(ada.id)
      await expect(
        space.db.detached(() => space.db.transaction(() => User.where('id', ada.id).lock('update', { noWait: true }))),
      ).rejects.toMatchObject({
        code: 'db/lock-timeout',
      })
    })
  })

  it('tell how they would run, and which index is missing', async () => {
    await using space = await open(blog)
    await fillBlog()
    const { text, sql, advice, dialect: named } = await Post.where('title', 'x').explain()
    expect(named).toBe(space.db.dialect)
    expect(sql).toMatch(/^select /)
    expect(text).toMatch(/posts|t0/)
    expect(advice).toEqual(['Post is filtered by title, which no index begins with. Consider .index() on Post.title.'])
    expect((await Post.where('authorId', 1).explain()).advice).toEqual([])
    const both = Post.where('title', 'x').union(Post.where('title', 'y').limit(1))
    expect((await both.explain()).text).toMatch(/posts|t0/)
  })

  it('tell what they took, where the engine measures', async () => {
    await using space = await open(blog)
    await fillBlog()
    const query = Post.where('title', 'first')
    if (space.db.dialect === 'sqlite') return expect(query.explain({ analyze: true })).rejects.toThrow('leave `analyze` out')
    const { text, sql } = await query.explain({ analyze: true })
    expect(text).toMatch(/actual time|r_rows/)
    expect(sql).toBe(query.toSql().text)
  })
})

describe('a model without a database', () => {
  class Lonely extends Model('lonely', { id: f.id() }) {}

  it('says how to give it one', async () => {
    await expect(Lonely.find(1)).rejects.toThrow('bind([Lonely], db)')
  })

  it('is an error when two databases claim it and nothing says which is meant', async () => {
    const { createDb } = await import('@covet/db')
    const { sqlite } = await import('@covet/sqlite')
    await using one = createDb(sqlite({ file: ':memory:' }))
    await using two = createDb(sqlite({ file: ':memory:' }))
    for (const db of [one, two]) {
      bind([Lonely], db)
      await db.script('create table lonely (id integer primary key)')
    }
    await two.sql`insert into lonely values (7)`
    await expect(Lonely.find(7)).rejects.toThrow(errors.AmbiguousDatabaseError)
    expect(await two.run(() => Lonely.find(7))).toMatchObject({ id: 7 })
    expect(await Lonely.using(two).find(7)).toBeInstanceOf(Lonely)
    expect(await Lonely.using(one).find(7)).toBeNull()
  })
})
