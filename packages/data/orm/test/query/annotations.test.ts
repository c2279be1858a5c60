import { expect, it } from '@jest/globals'
import { InvalidQueryError, UnknownColumnError } from '../../src/errors.ts'
import { EncryptedFieldError } from '../../src/crypto/errors.ts'
import { and, caseWhen, exists, f, lag, Model, or, rowNumber } from '../../src/index.ts'
import { blog, Category, fillBlog, Post, User } from '../support/blog.ts'
import { onEachEngine } from '../support/engines.ts'

class Note extends Model(
  'noted_texts',
  { id: f.id(), text: f.string(), open: f.bool(), deletedAt: f.deletedAt() },
  { scope: (c) => c.open.isTrue() },
) {}

class Secret extends Model('secrets', { id: f.id(), code: f.string().encrypted() }) {}

onEachEngine('annotations by their names', (open) => {
  it('filter and order the rows, by function and by name', async () => {
    await using space = await open(blog)
    void space
    const { ada, bob, cid } = await fillBlog()
    const counted = User.query().annotate((c) => ({ postCount: c.posts.count(), top: c.posts.views.max() }))
    expect((await counted.where((c) => c.postCount.gt(1))).map(({ id, postCount, top }) => ({ id, postCount, top }))).toEqual([
      { id: ada.id, postCount: 3, top: 9 },
    ])
    expect((await counted.where('postCount', 1)).map(({ id }) => id)).toEqual([bob.id])
    expect((await counted.where('postCount', '<', 3).orderBy('postCount')).map(({ id }) => id)).toEqual([cid.id, bob.id])
    expect((await counted.where('top', 'is null', true)).map(({ id }) => id)).toEqual([cid.id])
    expect((await counted.orderBy((c) => c.postCount.desc())).map(({ id }) => id)).toEqual([ada.id, bob.id, cid.id])
    expect((await counted.orderBy('top', 'asc', { nulls: 'first' }).orderBy('id', 'desc')).map(({ id }) => id)).toEqual([
      cid.id,
      bob.id,
      ada.id,
    ])
    expect(await counted.where((c) => c.postCount.gt(0).and(c.active.eq(true))).count()).toBe(1)
    expect((await counted.with('posts').where('postCount', '>', 0).orderBy('postCount').limit(1)).map(({ posts }) => posts.length)).toEqual(
      [1],
    )
  })

  it('keep the values of each use apart, whatever was compiled before', async () => {
    await using space = await open(blog)
    void space
    await fillBlog()
    const byName = async (more: number, least: number): Promise<number[]> =>
      (
        await Post.query()
          .annotate((c) => ({ raised: c.views.add(more) }))
          .where((c) => c.raised.gte(least))
          .orderBy('raised')
      ).map(({ raised }) => raised)
    const inline = async (more: number, other: number, least: number): Promise<number[]> =>
      (
        await Post.query()
          .annotate((c) => ({ raised: c.views.add(more) }))
          .where((c) => c.views.add(other).gte(least))
          .orderBy('raised')
      ).map(({ raised }) => raised)
    expect(await byName(10, 15)).toEqual([15, 19, 19])
    expect(await byName(1, 10)).toEqual([10, 10])
    expect(await inline(1, 100, 105)).toEqual([6, 10, 10])
  })

  it('may be conditions themselves', async () => {
    await using space = await open(blog)
    void space
    await fillBlog()
    const marked = Post.query().annotate((c) => ({
      hot: c.views.gt(4),
      odd: or(c.title.contains('ir'), c.price.isNull()),
      not: c.comments.any().not(),
    }))
    const titles = async (query: PromiseLike<readonly { readonly title: string }[]>): Promise<string[]> =>
      (await query).map(({ title }) => title)
    expect(await titles(marked.where((c) => c.hot).orderBy('id'))).toEqual(['second', 'third', 'other'])
    expect(await titles(marked.where('hot', false))).toEqual(['first'])
    expect(await titles(marked.where('odd', true).where('hot', '!=', false))).toEqual(['third'])
    expect(await titles(marked.where('not', true).orderBy('odd').orderBy('id'))).toEqual(['other', 'third'])
    expect(await titles(marked.where('odd', 'is null', true))).toEqual([])
    expect(await titles(marked.where('odd', 'in', [true]).orderBy('hot', 'desc'))).toEqual(['third', 'first'])
    expect((await marked.orderBy('id')).map(({ hot, odd, not }) => [hot, odd, not])).toEqual([
      [false, true, false],
      [true, false, false],
      [true, true, true],
      [true, false, true],
    ])
  })

  it('go into further annotations, selections, groups and whole aggregates', async () => {
    await using space = await open(blog)
    void space
    const { ada, bob, cid } = await fillBlog()
    const counted = User.query().annotate((c) => ({ postCount: c.posts.count() }))
    const twice = counted.annotate((c) => ({ twice: c.postCount.mul(2) })).where('twice', '>', 2)
    expect((await twice).map(({ postCount, twice: double }) => [postCount, double])).toEqual([[3, 6]])
    expect(await counted.orderBy('id').select('id', 'postCount')).toEqual([
      { id: ada.id, postCount: 3 },
      { id: bob.id, postCount: 1 },
      { id: cid.id, postCount: 0 },
    ])
    expect(await counted.orderBy('postCount').select((c) => ({ half: c.postCount.add(1) }))).toEqual([
      { half: 1 },
      { half: 2 },
      { half: 4 },
    ])
    expect(await counted.aggregate((c) => ({ most: c.postCount.max(), all: c.postCount.sum() }))).toEqual({ most: 3, all: 4 })
    const sizes = Post.query().annotate((c) => ({ size: caseWhen(c.views.gt(4), 'big').else('small') }))
    const groups = [
      { size: 'big', posts: 3 },
      { size: 'small', posts: 1 },
    ]
    expect(await sizes.groupBy(['size'], (c) => ({ posts: c.id.count() })).orderBy('size')).toEqual(groups)
    expect(
      await sizes
        .groupBy(
          (c) => ({ size: c.size }),
          (c) => ({ posts: c.id.count() }),
        )
        .having((c) => c.posts.gt(1))
        .orderBy('size'),
    ).toEqual(groups.slice(0, 1))
  })

  it('name what a group has in having(), where a column of that name is still the column', async () => {
    await using space = await open(blog)
    void space
    const { ada } = await fillBlog()
    const groups = Post.query().groupBy(['authorId'], (c) => ({ posts: c.id.count(), views: c.views.sum() }))
    expect(await groups.having((c) => c.posts.gt(1))).toEqual([{ authorId: ada.id, posts: 3, views: 17 }])
    expect(await groups.having((c) => c.posts.gt(1).and(c.views.sum().lt(17)))).toEqual([])
  })

  it('stand in queries of the same model inside of each other', async () => {
    await using space = await open(blog)
    void space
    const root = await Category.create({ name: 'root', parentId: null })
    const leaf = await Category.create({ name: 'leaf', parentId: root.id })
    const parents = (least: number): unknown =>
      Category.query()
        .annotate((c) => ({ inside: c.children.count() }))
        .where((c) => c.inside.gte(least))
        .select('id')
    const found = await Category.where((c) => c.parentId.in(parents(1) as never))
    expect(found.map(({ id }) => id)).toEqual([leaf.id])
    const last = (): unknown =>
      Category.query()
        .annotate((c) => ({ place: rowNumber().over({ orderBy: c.id.desc() }), kind: caseWhen(c.parentId.isNull(), c.name).else('leaf') }))
        .where((c) => and(c.place.eq(1), c.kind.eq('leaf')))
        .where('kind', 'leaf')
        .select('id')
    expect((await Category.where((c) => c.id.in(last() as never))).map(({ id }) => id)).toEqual([leaf.id])
  })

  it('are no columns: of another query they have no name', async () => {
    await using space = await open(blog)
    void space
    // @ts-expect-error there is no such column
    expect(() => User.query().where('postCount', 1)).toThrow(UnknownColumnError)
    expect(() =>
      User.query()
        .annotate((c) => ({ postCount: c.posts.count() }))
        // @ts-expect-error the name is another
        .orderBy('postcount'),
    ).toThrow(UnknownColumnError)
    expect(() => User.query().annotate((c) => ({ email: c.name }))).toThrow(InvalidQueryError)
  })

  it('are conditions over a window too: on the rows that the other conditions leave, wherever those stand', async () => {
    await using space = await open(blog)
    const { ada, bob } = await fillBlog()
    const places = Post.query().annotate((c) => ({
      place: rowNumber().over({ partitionBy: c.authorId, orderBy: [c.views.desc(), c.id] }),
      before: lag(c.title).over({ orderBy: c.id }),
    }))
    const best = places.where((c) => c.place.lte(1)).orderBy('id')
    space.clear()
    expect((await best).map(({ title, place, before }) => [title, place, before])).toEqual([
      ['second', 1, 'first'],
      ['other', 1, 'third'],
    ])
    expect(space.statements).toHaveLength(1)
    expect((await places.where('place', '<=', 1).where('views', '<', 9)).map(({ title, place }) => [title, place])).toEqual([['third', 1]])
    expect((await places.where('views', '<', 9).where('place', 2)).map(({ title }) => title)).toEqual(['first'])
    expect(await best.count()).toBe(2)
    expect(await best.exists()).toBe(true)
    expect(await best.limit(1).offset(1).select('title', 'place')).toEqual([{ title: 'other', place: 1 }])
    expect((await best.with('author', 'comments')).map(({ author, comments }) => [author.email, comments.length])).toEqual([
      ['ada@x.org', 1],
      ['bob@y.org', 0],
    ])
    expect((await best.where('author.email', 'ada@x.org')).map(({ title }) => title)).toEqual(['second'])
    expect((await best.orderBy('author.email', 'desc').orderBy('before')).length).toBe(2)
    const { items, total } = await places.where('place', '>', 1).orderBy('place').paginate({ perPage: 1, page: 2 })
    expect([total, items.map(({ title, place }) => [title, place])]).toEqual([2, [['first', 3]]])
    const page = await best.cursor({ size: 1 })
    const next = await best.cursor({ size: 1, after: page.next })
    expect([...page.items, ...next.items].map(({ title, place }) => [title, place])).toEqual([
      ['second', 1],
      ['other', 1],
    ])
    expect((await User.where((c) => c.id.in(best.select('authorId'))).orderBy('id')).map(({ id }) => id)).toEqual([ada.id, bob.id])
    expect((await best.union(places.where('title', 'third')).orderBy('id')).map(({ title }) => title)).toEqual(['second', 'third', 'other'])
    const streamed: string[] = []
    for await (const { title } of best.stream()) streamed.push(title)
    expect(streamed).toEqual(['second', 'other'])
    expect(await best.aggregate((c) => ({ views: c.views.sum(), last: c.place.max() }))).toEqual({ views: 18, last: 1 })
    expect(await places.aggregate((c) => ({ last: c.place.max() }))).toEqual({ last: 3 })
    expect(
      await places
        .where('place', 1)
        .groupBy(['authorId'], (c) => ({ posts: c.id.count() }))
        .orderBy('authorId'),
    ).toEqual([
      { authorId: ada.id, posts: 1 },
      { authorId: bob.id, posts: 1 },
    ])
    expect((await best.where('title', 'first').explain()).advice).toEqual([expect.stringContaining('Post is filtered by title')])
    expect(() => best.lock('update').toSql()).toThrow('cannot be locked')
  })

  it('choose rows over a window for writing, with other conditions beside it', async () => {
    await using space = await open(blog)
    void space
    await fillBlog()
    const later = Post.query()
      .annotate((c) => ({ place: rowNumber().over({ partitionBy: c.authorId, orderBy: c.id }) }))
      .where((c) => or(c.place.gt(2), c.title.eq('other')))
    expect(await later.update({ views: 100 })).toBe(2)
    expect((await Post.where('views', 100).orderBy('id')).map(({ title }) => title)).toEqual(['third', 'other'])
    expect(await later.where('views', 100).delete()).toBe(1)
    expect((await Post.query().orderBy('id')).map(({ title }) => title)).toEqual(['first', 'second', 'third'])
    const told = Post.query().annotate((c) => ({ said: c.comments.count(), raised: c.views.add(1) }))
    expect(await told.where('said', 2).update((c) => ({ views: c.views.add(5) }))).toBe(1)
    expect(await told.where('raised', 9).update({ title: 'eight' })).toBe(1)
    expect(
      await told
        .where('said', '>', 0)
        .where((c) => c.raised.lte(10))
        .delete(),
    ).toBe(2)
    expect((await Post.query()).map(({ title }) => title)).toEqual(['third'])
  })

  it('may stand in a query of another model, where those over a window are not at hand', async () => {
    await using space = await open(blog)
    void space
    await fillBlog()
    const users = User.query().annotate((c) => ({
      best: c.posts.views.max(),
      called: caseWhen(c.active.isTrue(), 'second').else('other'),
      place: rowNumber().over({ orderBy: c.id }),
    }))
    const found = users.where((c) => exists(Post.where((p) => and(p.authorId.eq(c.id), p.views.eq(c.best), p.title.eq(c.called)))))
    expect((await found.orderBy('id')).map(({ email }) => email)).toEqual(['ada@x.org', 'bob@y.org'])
    // @ts-expect-error a window is no value of a row
    expect(() => users.where((c) => exists(Post.where((p) => p.views.eq(c.place)))).toSql()).toThrow('not at hand')
  })

  it('choose rows of relations over a window', async () => {
    await using space = await open(blog)
    void space
    await fillBlog()
    const users = await User.with({
      posts: (query) =>
        query
          .annotate((c) => ({ place: rowNumber().over({ partitionBy: c.authorId, orderBy: [c.views.desc(), c.id] }) }))
          .where('place', '<=', 2)
          .orderBy('place'),
    }).orderBy('id')
    expect(users.map(({ posts }) => posts.map(({ title, place }) => [title, place]))).toEqual([
      [
        ['second', 1],
        ['third', 2],
      ],
      [['other', 1]],
      [],
    ])
  })

  it('hold for windows that nobody annotated, made of other annotations, and in what shared() and JSON read', async () => {
    await using space = await open(blog)
    void space
    await fillBlog()
    const first = Post.where((c) => rowNumber().over({ partitionBy: c.authorId, orderBy: c.id }).lte(1))
    expect((await first.orderBy('id')).map(({ title }) => title)).toEqual(['first', 'other'])
    expect((await first.shared().orderBy('id', 'desc')).map(({ title }) => title)).toEqual(['other', 'first'])
    const made = Post.query()
      .annotate((c) => ({ said: c.comments.count(), more: c.views.add(1) }))
      .annotate((c) => ({ place: rowNumber().over({ orderBy: [c.said.desc(), c.more, c.id] }) }))
      .annotate((c) => ({ leads: c.place.lte(2) }))
    const leading = made.where((c) => c.leads).where((c) => or(c.more.gt(1000), c.place.ne(5)))
    expect((await leading.orderBy('place')).map(({ title, said, place, leads }) => [title, said, place, leads])).toEqual([
      ['first', 2, 1, true],
      ['second', 1, 2, true],
    ])
    const eager = await first.with('comments').orderBy('id').eager('json')
    expect(eager.map(({ comments }) => comments.map(({ body }) => body))).toEqual([['one', 'two'], []])
    const users = await User.with({ posts: (query) => query.where((c) => rowNumber().over({ orderBy: c.id }).lte(2)).orderBy('id') })
      .orderBy('id')
      .eager('json')
    expect(users.map(({ posts }) => posts.map(({ title }) => title))).toEqual([['first', 'second'], [], []])
    const read = JSON.parse(new TextDecoder().decode(await first.orderBy('id').json())) as { title: string }[]
    expect(read.map(({ title }) => title)).toEqual(['first', 'other'])
  })

  it('leave out what the scope of a model leaves out, and rows that were softly deleted, before a window sees them', async () => {
    await using space = await open([Note])
    void space
    const notes = await Note.createMany(['a', 'b', 'c', 'd'].map((text) => ({ text, open: text !== 'a' })))
    await notes[1]?.delete()
    const places = Note.query().annotate((c) => ({ place: rowNumber().over({ orderBy: c.id }) }))
    const texts = async (query: PromiseLike<readonly { readonly text: string; readonly place: number }[]>): Promise<unknown[]> =>
      (await query).map(({ text, place }) => [text, place])
    expect(await texts(places.where('place', 1))).toEqual([['c', 1]])
    expect(await texts(places.where('place', 1).withDeleted())).toEqual([['b', 1]])
    expect(await texts(places.where('place', 1).onlyDeleted())).toEqual([['b', 1]])
    expect(await texts(places.where('place', 1).unscoped())).toEqual([['a', 1]])
    expect(await places.where('place', '<=', 2).delete()).toBe(2)
    expect(await Note.query().count()).toBe(0)
  })

  it('stay sealed where their column is encrypted', async () => {
    await using space = await open(blog)
    void space
    const sealed = Secret.query().annotate((c) => ({ again: c.code }))
    // @ts-expect-error nothing is compared with it
    expect(() => sealed.where((c) => c.again.eq('x'))).toThrow(EncryptedFieldError)
    expect(() => sealed.where('again', '=', 'x')).toThrow(EncryptedFieldError)
    expect(() => sealed.orderBy('again')).toThrow(EncryptedFieldError)
    expect(() => sealed.groupBy(['again'], (c) => ({ n: c.id.count() }))).toThrow(EncryptedFieldError)
  })

  it('group by expressions with values of their own', async () => {
    await using space = await open(blog)
    void space
    await fillBlog()
    const groups = Post.query()
      .groupBy(
        (c) => ({ much: c.views.div(4).round(), said: c.comments.count().gt(1), tag: c.meta.path('tag') }),
        (c) => ({ posts: c.id.count() }),
      )
      .orderBy('much')
      .orderBy('said')
    expect(await groups.count()).toBe(3)
    const places = Post.query().annotate((c) => ({ place: rowNumber().over({ partitionBy: c.authorId, orderBy: c.id }) }))
    const byPlace = places.groupBy(['place'], (c) => ({ posts: c.id.count(), views: c.views.sum() })).orderBy('place')
    expect(await byPlace.having((c) => c.posts.lt(3)).limit(2)).toEqual([
      { place: 1, posts: 2, views: 12 },
      { place: 2, posts: 1, views: 9 },
    ])
    expect((await groups.having((c) => c.said)).map(({ said, posts }) => [said, posts])).toEqual([[true, 1]])
  })
})
