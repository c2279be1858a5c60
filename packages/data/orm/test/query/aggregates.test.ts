import { expect, it } from '@jest/globals'
import { InvalidQueryError } from '../../src/errors.ts'
import { belongsTo, f, hasMany, Model } from '../../src/index.ts'
import { blog, fillBlog, Post, User } from '../support/blog.ts'
import { onEachEngine } from '../support/engines.ts'

class Shelf extends Model('aggregate_shelves', { id: f.id(), books: hasMany(() => Book) }) {}
class Book extends Model('aggregate_books', {
  id: f.id(),
  token: f.uuid(),
  lent: f.bool().nullable(),
  cover: f.bytes(),
  tags: f.json(),
  at: f.time(),
  shelf: belongsTo(() => Shelf),
}) {}

/** What any kind of value has, as far as the compiler is not asked. */
interface Extremes {
  min(): never
  max(): never
}

onEachEngine('aggregates', (open) => {
  it('are exact side by side over two relations (ORM-7, trap 20)', async () => {
    await using space = await open(blog)
    await fillBlog()
    space.clear()
    const users = await User.query()
      .annotate((c) => ({
        posts_: c.posts.count(),
        busy: c.posts.count((p) => p.views.gt(4)),
        top: c.posts.views.max(),
        worth: c.posts.price.sum(),
        comments: c.posts.comments.count(),
        score: c.posts.comments.score.sum(),
      }))
      .orderBy('id')
    expect(space.statements).toHaveLength(1)
    expect(users.map(({ posts_, busy, top, worth, comments, score }) => ({ posts_, busy, top, worth, comments, score }))).toEqual([
      { posts_: 3, busy: 2, top: 9, worth: '11.75', comments: 3, score: 10 },
      { posts_: 1, busy: 1, top: 9, worth: '2.00', comments: 0, score: null },
      { posts_: 0, busy: 0, top: null, worth: null, comments: 0, score: null },
    ])
  })

  it('cover all rows at once, in the types of their columns', async () => {
    await using space = await open(blog)
    void space
    await fillBlog()
    const all = await Post.query().aggregate((c) => ({
      rows: c.id.count(),
      priced: c.price.count(),
      authors: c.authorId.countDistinct(),
      views: c.views.sum(),
      mean: c.views.avg(),
      price: c.price.sum(),
      newest: c.publishedAt.max(),
      first: c.title.min(),
      hot: c.views.sum().filter(c.views.gt(8)),
    }))
    expect(all).toEqual({
      rows: 4,
      priced: 3,
      authors: 2,
      views: 26,
      mean: 6.5,
      price: '13.75',
      newest: new Date('2025-01-01T00:00:00.000Z'),
      first: 'first',
      hot: 18,
    })
    const average = await Post.query().aggregate((c) => ({ price: c.price.avg() }))
    expect(Number(average.price)).toBeCloseTo(4.5833, 4)
    expect(typeof average.price).toBe('string')
    expect(await Post.where('title', 'none').aggregate((c) => ({ views: c.views.sum(), rows: c.id.count() }))).toEqual({
      views: null,
      rows: 0,
    })
  })

  it('group rows, choose groups and order them', async () => {
    await using space = await open(blog)
    void space
    const { ada, bob } = await fillBlog()
    const groups = Post.query().groupBy(['authorId'], (c) => ({ posts: c.id.count(), views: c.views.sum() }))
    expect(await groups.orderBy('views', 'desc')).toEqual([
      { authorId: ada.id, posts: 3, views: 17 },
      { authorId: bob.id, posts: 1, views: 9 },
    ])
    expect(await groups.having((c) => c.views.sum().gt(10)).count()).toBe(1)
    expect(await groups.orderBy('authorId').limit(1).offset(1)).toEqual([{ authorId: bob.id, posts: 1, views: 9 }])
    const byMonth = await Post.where('publishedAt', 'is null', false)
      .groupBy(
        (c) => ({ year: c.publishedAt.year() }),
        (c) => ({ posts: c.id.count() }),
      )
      .orderBy('year')
    expect(byMonth).toEqual([
      { year: 2024, posts: 2 },
      { year: 2025, posts: 1 },
    ])
  })

  it('order rows by what they have many of', async () => {
    await using space = await open(blog)
    void space
    await fillBlog()
    const users = await User.query()
      .orderBy((c) => c.posts.views.max(), 'desc')
      .orderBy('id')
      .limit(2)
    expect(users.map(({ email }) => email)).toEqual(['ada@x.org', 'bob@y.org'])
    expect(() => User.query().orderBy('posts.views' as never)).toThrow('Order by one of them: orderBy(c => c.posts.views.max())')
  })

  it('refuse the least and the greatest of uuids, bools, bytes and JSON, which PostgreSQL does not know', async () => {
    await using space = await open([Shelf, Book])
    const shelf = await Shelf.create({})
    await Book.create({ lent: true, cover: new Uint8Array([1]), tags: { a: 1, b: ['x'] }, at: '10:00:00', shelfId: shelf.id })
    space.clear()
    const of = (value: unknown): Extremes => value as Extremes
    const refused = [
      Book.query().aggregate((c) => ({ x: of(c.token).min() })),
      Book.query().aggregate((c) => ({ x: of(c.lent).max() })),
      Book.query().aggregate((c) => ({ x: of(c.cover).max() })),
      Book.query().aggregate((c) => ({ x: of(c.tags).min() })),
      Book.query().aggregate((c) => ({ x: of(c.tags.path('b')).max() })),
      Book.query().select((c) => ({ x: (of(c.tags).max() as { over(): typeof c.at }).over() })),
      Shelf.query().annotate((c) => ({ x: of(c.books.tags).min() })),
      Book.query().aggregate((c) => ({ x: of(c.at.gt('09:00:00')).max() })),
      Book.query().groupBy(['lent'], (c) => ({ x: of(c.token).max() })),
      Shelf.query().annotate((c) => ({ x: of(c.books.token).max() })),
      Shelf.query().orderBy((c) => of(c.books.lent).min()),
    ]
    for (const query of refused) await expect(Promise.resolve<unknown>(query)).rejects.toThrow(InvalidQueryError)
    await expect(Promise.resolve(refused[0])).rejects.toThrow("'min' takes numbers, text and times, not uuids")
    await expect(Promise.resolve(refused[3])).rejects.toThrow("'min' takes numbers, text and times, not JSON")
    expect(space.statements).toEqual([])
    expect(
      await Book.query().aggregate((c) => ({
        at: c.at.max(),
        tokens: c.token.countDistinct(),
        covers: c.cover.count(),
        lent: c.lent.count(),
      })),
    ).toEqual({ at: '10:00:00', tokens: 1, covers: 1, lent: 1 })
  })
})
