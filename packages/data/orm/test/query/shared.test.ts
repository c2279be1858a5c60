import { expect, it } from '@jest/globals'
import { caseWhen, errors, exists, f, Model, or, rowNumber } from '../../src/index.ts'
import { blog, Category, Comment, fillBlog, Post, User } from '../support/blog.ts'
import { onEachEngine } from '../support/engines.ts'

/** How often something stands in a statement. */
function times(text: string, what: RegExp): number {
  return text.match(new RegExp(what, 'g'))?.length ?? 0
}

class Deed extends Model(
  'deeds',
  {
    id: f.id(),
    label: f.string().ci(),
    total: f.bigint(),
    price: f.decimal(10, 2),
    done: f.bool().default(false),
    at: f.datetime(),
    data: f.json<{ tag?: string }>(),
    live: f.bool(),
    deletedAt: f.deletedAt(),
  },
  { scope: (c) => (c as unknown as { live: { eq(value: boolean): never } }).live.eq(true) },
) {}

const busyWith = (score: number) => Post.where('comments.score', '>=', score)

onEachEngine('shared queries', (open, dialect) => {
  it('are written once, whatever they are used for, with their values once and in order', async () => {
    await using space = await open(blog)
    await fillBlog()
    space.clear()
    const answers = async (busy: ReturnType<typeof busyWith>) => {
      const users = User.where('email', '!=', 'nobody')
        .where((u) => u.id.in(busy.where('views', '<', 100).select('authorId')))
        .where((u) => exists(busy.where((p) => p.authorId.eq(u.id)).where('title', 'second')))
        .where('active', true)
        .orderBy('id')
        .limit(7)
      return { text: users.toSql().text, params: users.toSql().params, names: (await users).map(({ name }) => name) }
    }
    const once = await answers(busyWith(2).shared())
    const inPlace = await answers(busyWith(2))
    expect(once.names).toEqual(['Ada'])
    expect(inPlace.names).toEqual(once.names)
    expect(times(once.text, /\bwith\b/)).toBe(1)
    expect(times(once.text, /shared0/)).toBe(3)
    expect(times(once.text, /comments/)).toBe(1)
    expect(times(inPlace.text, /comments/)).toBe(2)
    const truth = dialect === 'postgres' ? true : 1
    expect(once.params).toEqual([2, 'nobody', 100, 'second', truth, 7])
    expect(inPlace.params).toEqual(['nobody', 2, 100, 2, 'second', truth, 7])
    expect(space.statements).toHaveLength(2)
  })

  it('use one plan for other values, and tell one query used twice from two of the same structure', async () => {
    await using space = await open(blog)
    await fillBlog()
    const either = (one: ReturnType<typeof busyWith>, other: ReturnType<typeof busyWith>) =>
      Post.where((p) => or(p.id.in(one.select('id')), p.id.in(other.where('views', 3).select('id')))).orderBy('id')
    const titles = async (query: PromiseLike<Post[]>) => (await query).map(({ title }) => title)
    const few = busyWith(1).shared()
    expect(await titles(either(few, few))).toEqual(['first', 'second'])
    expect(await titles(either(busyWith(7).shared(), busyWith(1).shared()))).toEqual(['first', 'second'])
    const many = busyWith(7).shared()
    expect(await titles(either(many, many))).toEqual(['second'])
    expect(await titles(either(busyWith(7).shared(), busyWith(7).shared()))).toEqual(['second'])
    const [first, second, third, fourth] = space.statements.slice(-4)
    expect(third).toBe(first)
    expect(fourth).toBe(second)
    expect(times(first ?? '', /shared1/)).toBe(0)
    expect(times(second ?? '', /\bwith\b/)).toBe(1)
    expect(times(second ?? '', /shared1/)).toBe(2)
  })

  it('of shared queries stand behind those they need', async () => {
    await using space = await open(blog)
    void space
    await fillBlog()
    const told = Comment.where('score', '>', 1).shared()
    const read = Post.where('views', '<', 50)
      .where((p) => p.id.in(told.select('postId')))
      .shared()
    const query = User.where((u) =>
      exists(read.where((p) => p.authorId.eq(u.id)).where((p) => p.id.in(told.where('score', 7).select('postId')))),
    )
      .where((u) => u.id.in(read.where('title', 'first').select('authorId')))
      .where((u) => u.id.notIn(read.where('title', 'other').select('authorId')))
    const { text, params } = query.toSql()
    expect(params).toEqual([1, 50, 7, 'first', 'other'])
    expect(text.indexOf('shared0')).toBeLessThan(text.indexOf('shared1'))
    expect(text).toMatch(/^with .shared0. as \(.*\), .shared1. as \(/)
    expect(times(text, /comments/)).toBe(1)
    expect((await query).map(({ email }) => email)).toEqual(['ada@x.org'])
    expect(await query.count()).toBe(1)
  })

  it('are queries of their rows: their order, their bounds and their conditions stay theirs', async () => {
    await using space = await open(blog)
    await fillBlog()
    const top = Post.query().orderBy('views', 'desc').orderBy('id').limit(3).shared()
    const titles = async (query: PromiseLike<readonly { title: string }[]>) => (await query).map(({ title }) => title)
    expect(await titles(top.orderBy('id'))).toEqual(['second', 'third', 'other'])
    expect(await titles(top.where('title', '!=', 'third').orderBy('title').limit(1))).toEqual(['other'])
    expect(await top.count()).toBe(3)
    expect(await top.where('views', '>', 5).count()).toBe(2)
    expect(await top.where('views', 1).exists()).toBe(false)
    expect((await top.orderBy('id').first())?.title).toBe('second')
    expect((await top.where('title', 'third').get()).views).toBe(5)
    expect(await top.aggregate((p) => ({ views: p.views.sum(), dearest: p.price.max() }))).toEqual({ views: 23, dearest: '10.25' })
    expect(await top.groupBy(['views'], (p) => ({ posts: p.id.count() })).orderBy('views')).toEqual([
      { views: 5, posts: 1 },
      { views: 9, posts: 2 },
    ])
    expect(await top.groupBy(['views'], (p) => ({ posts: p.id.count() })).count()).toBe(2)
    const page = await top.orderBy('id').paginate({ page: 2, perPage: 2 })
    expect({ ...page, items: page.items.map(({ title }) => title) }).toEqual({ items: ['other'], total: 3, page: 2, perPage: 2, pages: 2 })
    const { items, next } = await top.orderBy('title').cursor({ size: 2 })
    expect(items.map(({ title }) => title)).toEqual(['other', 'second'])
    expect((await top.orderBy('title').cursor({ size: 2, after: next })).items.map(({ title }) => title)).toEqual(['third'])
    const streamed: string[] = []
    for await (const { title } of top.orderBy('id').stream()) streamed.push(title)
    expect(streamed).toEqual(['second', 'third', 'other'])
    const json = Buffer.from(await top.orderBy('id').only('title').json()).toString()
    expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(await top.orderBy('id').only('title'))))
    expect(JSON.parse(json)).toHaveLength(3)
    expect(Buffer.from(await top.orderBy('id').select('title').json()).toString()).toBe(
      '[{"title":"second"},{"title":"third"},{"title":"other"}]',
    )
    space.clear()
    await top.orderBy('id').select('title')
    expect(space.statements[0]).toMatch(/^with .shared0. as/)
    expect(times(Post.where('views', 1).orderBy('title').shared().toSql().text, /order by/)).toBe(0)
    expect((await top.explain()).sql).toMatch(/^with /)
  })

  it('hand on what is loaded, annotated and left out', async () => {
    await using space = await open(blog)
    void space
    await fillBlog()
    const minimum = 2
    const rows = await Post.with({ comments: (query) => query.where('score', '>=', minimum).orderBy('id') })
      .with('author.profile')
      .annotate((p) => ({ told: p.comments.count(), hot: caseWhen(p.views.gt(5), 'yes').else('no') }))
      .defer('meta')
      .where('author.email', 'ada@x.org')
      .shared()
      .where('title', 'in', ['first', 'second'])
      .orderBy('id')
    expect(
      rows.map(({ title, told, hot, author, comments }) => [title, told, hot, author.profile?.bio, comments.map(({ body }) => body)]),
    ).toEqual([
      ['first', 2, 'no', 'Countess', ['two']],
      ['second', 1, 'yes', 'Countess', ['three']],
    ])
    expect(() => (rows[0] as unknown as Post).meta).toThrow(errors.ColumnNotRead)
  })

  it('can be what a relation is read by, in batches or in one statement', async () => {
    await using space = await open(blog)
    await fillBlog()
    const hot = Post.where('views', '>', 4).shared()
    const told = Comment.where('score', '>', 1).shared()
    const query = User.where((u) => u.id.in(hot.where('views', '<', 10).select('authorId')))
      .with({
        posts: (posts) =>
          posts
            .where((p) => p.id.in(hot.select('id')))
            .with({ comments: (comments) => comments.where((c) => c.id.in(told.select('id'))).orderBy('id') })
            .orderBy('id', 'desc')
            .limit(2),
      })
      .orderBy('id')
    const seen = async (users: typeof query) =>
      (await users).map(({ email, posts }) => [email, posts.map(({ title, comments }) => [title, comments.map(({ body }) => body)])])
    const expected = [
      [
        'ada@x.org',
        [
          ['third', []],
          ['second', ['three']],
        ],
      ],
      ['bob@y.org', [['other', []]]],
    ]
    expect(await seen(query)).toEqual(expected)
    space.clear()
    expect(await seen(query.eager('json'))).toEqual(expected)
    const [only, second] = space.statements
    expect(second).toBeUndefined()
    expect(times(only ?? '', /\bwith\b/)).toBe(1)
    expect(times(only ?? '', /shared[01]/)).toBe(5)
  })

  it('can be the rows of a relation, of which a limit behind it is per owner', async () => {
    await using space = await open(blog)
    void space
    await fillBlog()
    const query = User.with({
      posts: (posts) =>
        posts.where('views', '>', 2).orderBy('views', 'desc').orderBy('id').limit(3).shared().orderBy('id', 'desc').limit(1),
    }).orderBy('id')
    const seen = async (users: typeof query) => (await users).map(({ posts }) => posts.map(({ title }) => title))
    expect(await seen(query)).toEqual([['third'], ['other'], []])
    expect(await seen(query.eager('json'))).toEqual([['third'], ['other'], []])
  })

  it('of selected columns have these columns', async () => {
    await using space = await open(blog)
    void space
    await fillBlog()
    const named = Post.where('views', '>', 4).select('id', 'title', 'authorId').shared()
    expect(await named.where('title', '!=', 'third').orderBy('id')).toEqual([
      { id: 2, title: 'second', authorId: 1 },
      { id: 4, title: 'other', authorId: 2 },
    ])
    expect(() => named.where('views', 1).toSql()).toThrow(
      "'views' of posts is not among those that the shared query selects. Select it before shared()",
    )
    const distinct = Post.query().select('authorId').distinct().shared()
    expect(await User.where((u) => u.id.in(distinct)).count()).toBe(2)
    expect(await distinct.count()).toBe(2)
  })

  it('go together with combinations, on both sides of them', async () => {
    await using space = await open(blog)
    void space
    await fillBlog()
    const read = Post.where('views', '>', 4).shared()
    const both = read.where('title', 'other').union(read.where('title', 'second'))
    expect(times(both.toSql().text, /\bwith\b/)).toBe(1)
    expect(times(both.toSql().text, /shared0/)).toBe(3)
    expect(both.toSql().params).toEqual([4, 'other', 'second'])
    expect((await both.orderBy('id')).map(({ title }) => title)).toEqual(['second', 'other'])
    const outcome = both.shared()
    expect(
      await User.where((u) => u.id.in(outcome.select('authorId')))
        .where((u) => exists(outcome.where((p) => p.authorId.eq(u.id))))
        .count(),
    ).toBe(2)
    expect(await read.except(both).count()).toBe(1)
  })

  it('count as conditions of what is written, where they stand inside of the statement', async () => {
    await using space = await open(blog)
    await fillBlog()
    const told = Comment.where('score', '>', 1).shared()
    space.clear()
    const changed = await Post.where((p) => p.id.in(told.where('score', '<', 9).select('postId')))
      .where((p) => exists(told.where((c) => c.postId.eq(p.id))))
      .where('title', 'first')
      .update((p) => ({ title: 'told', views: caseWhen(p.id.in(told.select('postId')), p.views.add(40)).else(0) }))
    expect(changed).toBe(1)
    expect(space.statements[0]).toMatch(/^update /)
    expect(times(space.statements[0] ?? '', /\bwith\b/)).toBe(1)
    expect((await Post.query().orderBy('id')).map(({ title, views }) => [title, views])).toEqual([
      ['told', 43],
      ['second', 9],
      ['third', 5],
      ['other', 9],
    ])
    expect(await Post.where('views', 9).orderBy('id').limit(1).shared().update({ title: 'one' })).toBe(1)
    expect(await Post.where('title', 'one').shared().where('views', 9).count()).toBe(1)
    expect(
      await Comment.where((c) => c.id.in(told.select('id')))
        .where((c) => c.id.notIn(told.where('score', 7).select('id')))
        .delete(),
    ).toBe(1)
    expect(await Comment.query().count()).toBe(2)
    await expect(Comment.query().shared().delete()).rejects.toThrow(errors.UnfilteredWriteError)
    expect(await told.delete()).toBe(1)
  })

  it('begin trees and narrow them', async () => {
    await using space = await open(blog)
    void space
    const root = await Category.create({ name: 'root' })
    const left = await Category.create({ name: 'left', parentId: root.id })
    await Category.createMany([
      { name: 'leaf', parentId: left.id },
      { name: 'right', parentId: root.id },
    ])
    const named = Category.where('name', 'in', ['left', 'leaf']).shared()
    const names = async (query: PromiseLike<Category[]>) => (await query).map(({ name }) => name)
    const below = named
      .recursive({ from: (query) => query.where((c) => c.id.in(named.where('name', 'left').select('id'))), via: 'children' })
      .orderBy('id')
    expect(await names(below)).toEqual(['left', 'leaf'])
    expect(times(below.toSql().text, /shared0/)).toBe(2)
    expect(
      await Category.query()
        .recursive({ from: () => named.where('name', 'left'), via: 'children' })
        .count(),
    ).toBe(2)
  })

  it('take lists of any length', async () => {
    await using space = await open(blog)
    void space
    await fillBlog()
    const counted = async (ids: readonly number[], titles: readonly string[]) => {
      const some = Post.where('id', 'in', [...ids]).shared()
      return User.where((u) => u.id.in(some.where('title', 'in', [...titles]).select('authorId')))
        .where((u) => exists(some.where((p) => p.authorId.eq(u.id))))
        .count()
    }
    expect(await counted([1], ['first', 'other'])).toBe(1)
    expect(await counted([1, 2, 3, 4, 5], ['first', 'other', 'x'])).toBe(2)
    expect(await counted([4], ['other'])).toBe(1)
    expect(await counted([], ['other'])).toBe(0)
  })

  it('keep the types of their columns, and their rows those that the model scopes', async () => {
    await using space = await open([Deed])
    void space
    const at = new Date('2026-03-01T00:00:00.123Z')
    await Deed.createMany([
      { label: 'Alpha', total: 9_007_199_254_740_993n, price: '2.50', done: true, at, data: { tag: 'x' }, live: true },
      { label: 'beta', total: 5n, price: '10.00', at, data: { tag: 'y' }, live: true },
      { label: 'gone', total: 1n, price: '0.10', at, data: {}, live: true },
      { label: 'out', total: 1n, price: '0.20', at, data: {}, live: false },
    ])
    await Deed.where('label', 'gone').delete()
    const live = Deed.where('at', at).shared()
    expect((await live.orderBy('id')).map(({ label, total, price, done, data }) => ({ label, total, price, done, data }))).toEqual([
      { label: 'Alpha', total: 9_007_199_254_740_993n, price: '2.50', done: true, data: { tag: 'x' } },
      { label: 'beta', total: 5n, price: '10.00', done: false, data: { tag: 'y' } },
    ])
    const found = (query: PromiseLike<Deed[]>) => Promise.resolve(query).then((rows) => rows.map(({ label }) => label))
    expect(await found(live.where('label', 'ALPHA').where((d) => d.id.in(live.where('label', 'alpha').select('id'))))).toEqual(['Alpha'])
    expect(await found(live.where('total', 9_007_199_254_740_993n))).toEqual(['Alpha'])
    expect(await found(live.where('price', '>', '9.99'))).toEqual(['beta'])
    expect(await found(live.where('at', '<=', at).where((d) => d.data.path('tag').eq('y')))).toEqual(['beta'])
    expect(await found(live.where('done', false).orderBy('price'))).toEqual(['beta'])
    expect(await live.onlyDeleted().count()).toBe(0)
    const all = Deed.query().withDeleted().unscoped().shared()
    expect(await all.count()).toBe(4)
    expect(await found(all.onlyDeleted())).toEqual(['gone'])
    expect(await all.where('label', 'gone').restore()).toBe(1)
    expect(await live.count()).toBe(3)
  })

  it('are kept by the cache until a table they read is written', async () => {
    await using space = await open(blog)
    await fillBlog()
    const told = Comment.where('score', '>', 1).shared()
    const authors = () =>
      Post.where((p) => p.id.in(told.select('postId')))
        .cache({ ttl: '1m' })
        .count()
    expect(await authors()).toBe(2)
    space.clear()
    expect(await authors()).toBe(2)
    expect(space.statements).toEqual([])
    await Comment.where('score', 7).delete()
    expect(await authors()).toBe(1)
  })

  it('leave the query around them free to lock its own rows', async () => {
    await using space = await open(blog)
    await fillBlog()
    if (dialect === 'sqlite') return
    const told = Comment.where('score', '>', 1).shared()
    const locked = await space.db.transaction(() =>
      Post.where((p) => p.id.in(told.select('postId')))
        .where((p) => exists(told.where((c) => c.postId.eq(p.id))))
        .orderBy('id')
        .lock('update'),
    )
    expect(locked.map(({ title }) => title)).toEqual(['first', 'second'])
  })

  it('refuse what a query with a name cannot do', async () => {
    await using space = await open(blog)
    void space
    expect(() => Post.where('id', 1).lock('update').shared()).toThrow('which cannot lock them: leave lock() out')
    expect(() => Post.where('id', 1).shared().lock('update').toSql()).toThrow(
      'The rows of a shared query cannot be locked. Lock those of Post itself',
    )
    expect(() => User.where((u) => exists(Post.where((p) => p.authorId.eq(u.id)).shared())).toSql()).toThrow(
      'The columns of User are not at hand here: a shared query',
    )
    const ranked = Post.query().annotate((p) => ({ place: rowNumber().over({ orderBy: p.views }) }))
    expect(() => ranked.shared().toSql()).toThrow("'place' of Post is computed over a window, which shared() does not keep")
    const placed = Post.query()
      .shared()
      .annotate((p) => ({ place: rowNumber().over({ orderBy: p.views }) }))
    expect(await placed).toEqual([])
  })
})
