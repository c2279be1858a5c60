import { expect, it } from '@jest/globals'
import { InvalidValueError } from '../../src/errors.ts'
import {
  and,
  caseWhen,
  denseRank,
  exists,
  firstValue,
  lag,
  lastValue,
  lead,
  not,
  or,
  rank,
  raw,
  rowNumber,
  value,
} from '../../src/index.ts'
import { blog, Category, Comment, fillBlog, Post, User } from '../support/blog.ts'
import { onEachEngine } from '../support/engines.ts'

onEachEngine('expressions', (open, dialect) => {
  it('combine conditions, relations and negation', async () => {
    await using space = await open(blog)
    void space
    await fillBlog()
    const emails = async (query: PromiseLike<User[]>): Promise<string[]> => (await query).map(({ email }) => email).sort()
    expect(await emails(User.where((c) => or(c.name.isNull(), and(c.active.eq(true), c.email.startsWith('ada')))))).toEqual([
      'ada@x.org',
      'bob@y.org',
    ])
    expect(await emails(User.where((c) => c.posts.any((p) => and(p.views.gt(4), p.title.eq('third')))))).toEqual(['ada@x.org'])
    expect(await emails(User.where((c) => c.posts.none()))).toEqual(['Cid@x.org'])
    expect(await emails(User.where((c) => c.posts.all((p) => p.views.gt(8))))).toEqual(['Cid@x.org', 'bob@y.org'])
    expect(await emails(User.where((c) => not(c.posts.any((p) => p.comments.any()))))).toEqual(['Cid@x.org', 'bob@y.org'])
    expect(await emails(User.where('posts.comments.body', 'three'))).toEqual(['ada@x.org'])
    expect(await emails(User.where((c) => c.profile.bio.icontains('COUNT')))).toEqual(['ada@x.org'])
  })

  it('split NULL off lists and answer empty ones without the server', async () => {
    await using space = await open(blog)
    void space
    await fillBlog()
    const count = (values: (string | null)[], op: 'in' | 'not in'): Promise<number> => User.where('name', op, values).count()
    expect(await count(['Ada', null], 'in')).toBe(2)
    expect(await count(['Ada', null], 'not in')).toBe(1)
    expect(await count([], 'in')).toBe(0)
    expect(await count([], 'not in')).toBe(3)
    expect(await count([null], 'in')).toBe(1)
    expect(await User.where('name', null).count()).toBe(1)
    expect(await User.where('name', '!=', null).count()).toBe(2)
  })

  it('divide whole numbers to whole numbers on every engine', async () => {
    await using space = await open(blog)
    void space
    await fillBlog()
    const [quotients] = await Post.where('title', 'second').select((c) => ({
      whole: c.views.div(2),
      rest: c.views.mod(2),
      below: c.views.mul(-1).div(2),
    }))
    expect(quotients).toEqual({ whole: 4, rest: 1, below: -4 })
    expect(await Post.where((c) => c.views.div(2).eq(4)).count()).toBe(2)
    expect(await Post.where('title', 'second').select((c) => ({ half: c.price.div(2) }))).toEqual([
      { half: expect.stringMatching(/^5\.1[23]/) },
    ])
  })

  it('refuse to divide by a plain zero, and give nothing by a computed one, where the engine does', async () => {
    await using space = await open(blog)
    await fillBlog()
    space.clear()
    const zeros = [
      () => Post.where((c) => c.views.div(0).eq(1)),
      () => Post.where((c) => c.views.mod(-0).eq(1)),
      () => Post.where((c) => c.price.div('0.00').eq('1')),
      () => Post.where((c) => c.price.div(0).eq('1')),
      () => Post.where((c) => c.price.mod('-0').eq('1')),
    ]
    for (const zero of zeros) expect(zero).toThrow(InvalidValueError)
    expect(zeros[0]).toThrow('div(): nothing can be divided by 0.')
    expect(zeros[1]).toThrow('mod(): nothing can be divided by 0.')
    expect(space.statements).toEqual([])
    const computed = Post.where('title', 'second').select((c) => ({ x: c.views.div(c.views.sub(9)), y: c.views.mod(c.views.sub(9)) }))
    if (dialect === 'postgres') await expect(Promise.resolve(computed)).rejects.toThrow('division by zero')
    else expect(await computed).toEqual([{ x: null, y: null }])
  })

  it('are null through a to-one relation that leads to no row, and compare with null', async () => {
    await using space = await open(blog)
    void space
    await fillBlog()
    const root = await Category.create({ name: 'root' })
    await Category.create({ name: 'below', parentId: root.id })
    const named = Category.query()
      .select((c) => ({ name: c.name, parent: c.parent.name, above: c.parent.parent.name, shout: c.parent.name.upper() }))
      .orderBy('id')
    expect(await named).toEqual([
      { name: 'root', parent: null, above: null, shout: null },
      { name: 'below', parent: 'root', above: null, shout: 'ROOT' },
    ])
    const roots = [Category.where('parent.name', null), Category.where((c) => c.parent.name.eq(null))]
    for (const query of roots) expect((await query).map(({ name }) => name)).toEqual(['root'])
    expect(await User.where('profile.bio', null).orderBy('id').select('email')).toEqual([{ email: 'bob@y.org' }, { email: 'Cid@x.org' }])
    const bios = await User.query()
      .select((c) => ({ bio: c.profile.bio }))
      .orderBy('id')
      .limit(2)
    expect(bios).toEqual([{ bio: 'Countess' }, { bio: null }])
  })

  it('take text literally, with and without regard to case', async () => {
    await using space = await open(blog)
    void space
    await fillBlog()
    expect(await User.where('name', 'contains', '100%_\\').count()).toBe(1)
    expect(await User.where('name', 'contains', '100_').count()).toBe(0)
    expect(await User.where('email', 'startsWith', 'cid').count()).toBe(0)
    expect(await User.where('email', 'istartsWith', 'cid').count()).toBe(1)
    expect(await User.where('email', 'endsWith', '@x.org').count()).toBe(2)
    expect(await User.where('email', 'like', '%@x.org').count()).toBe(2)
    expect(await User.where('email', 'Ada@x.org').count()).toBe(0)
    expect(await User.where('email', 'ilike', 'ADA%').count()).toBe(1)
  })

  it('compute values beside the columns', async () => {
    await using space = await open(blog)
    void space
    await fillBlog()
    const [first, second] = await Post.query()
      .select((c) => ({
        title: c.title.upper().concat('-', c.author.email),
        length: c.title.length(),
        more: c.views.add(1).mul(2),
        year: c.publishedAt.year(),
        month: c.publishedAt.month(),
        day: c.publishedAt.day(),
        price: c.price.coalesce('0'),
        kind: caseWhen(c.views.gt(8), 'hot').when(c.views.gt(4), 'warm').else('cold'),
        constant: value('x'),
        doubled: raw<number>`${c.views} * ${2}`,
      }))
      .orderBy('id')
      .limit(2)
    expect(first).toEqual({
      title: 'FIRST-ada@x.org',
      length: 5,
      more: 8,
      year: 2024,
      month: 1,
      day: 31,
      price: '1.50',
      kind: 'cold',
      constant: 'x',
      doubled: 6,
    })
    expect(second).toMatchObject({ month: 2, day: 29, kind: 'hot', doubled: 18 })
  })

  it('reach into JSON by keys that are never SQL (SQL-01)', async () => {
    await using space = await open(blog)
    void space
    const { ada } = await fillBlog()
    expect(await Post.where((c) => c.meta.path('a', 'b').eq(5)).count()).toBe(1)
    expect(await Post.where((c) => c.meta.path('tag').eq('x')).count()).toBe(1)
    expect(await Post.where((c) => c.meta.path("it's").eq('quoted')).count()).toBe(1)
    const [row] = await Post.where('title', 'first').select((c) => ({ a: c.meta.path('a'), tag: c.meta.path('tag') }))
    expect(row).toEqual({ a: { b: 5 }, tag: 'x' })
    type Paths = { path(key: string): { eq(value: unknown): never } }
    const count = (key: string, value: unknown): Promise<number> =>
      Post.where((c) => (c.meta as unknown as Paths).path(key).eq(value)).count()
    const keys = ["a'] UNION SELECT 1 --", '$[*]', "\\'", '\\', '"', 'a"."b', '$.a.b', '*', '**', "tag') = 'x' or ('1'='1"]
    for (const key of keys) {
      // No row has the key, and those that the same characters would lead to by another path have what is asked for.
      expect([key, await count(key, 'x'), await count(key, 5)]).toEqual([key, 0, 0])
    }
    await Post.createMany(keys.map((key) => ({ title: key, authorId: ada.id, meta: { [key]: 'y' } as never })))
    for (const key of keys) expect([key, await count(key, 'y')]).toEqual([key, 1])
  })

  it('compute over windows', async () => {
    await using space = await open(blog)
    void space
    await fillBlog()
    const rows = await Post.query()
      .select((c) => ({
        title: c.title,
        number: rowNumber().over({ partitionBy: c.authorId, orderBy: c.views.desc() }),
        rank: rank().over({ orderBy: c.views.desc() }),
        dense: denseRank().over({ orderBy: c.views.desc() }),
        before: lag(c.views).over({ orderBy: c.id }),
        after: lead(c.views, 2).over({ orderBy: c.id }),
        first: firstValue(c.title).over({ orderBy: c.id }),
        last: lastValue(c.title).over({ orderBy: c.id, frame: { unit: 'rows', from: 'unbounded preceding', to: 'unbounded following' } }),
        running: c.views.sum().over({ orderBy: c.id, frame: { unit: 'rows', from: 'unbounded preceding', to: 'current row' } }),
      }))
      .orderBy('id')
    const means = await Post.query().select((c) => ({ mean: c.price.avg().over() }))
    expect(Number(means[0]?.mean)).toBeCloseTo(4.5833, 4)
    expect(rows).toEqual([
      { title: 'first', number: 3, rank: 4, dense: 3, before: null, after: 5, first: 'first', last: 'other', running: 3 },
      { title: 'second', number: 1, rank: 1, dense: 1, before: 3, after: 9, first: 'first', last: 'other', running: 12 },
      { title: 'third', number: 2, rank: 3, dense: 2, before: 9, after: null, first: 'first', last: 'other', running: 17 },
      { title: 'other', number: 1, rank: 1, dense: 1, before: 5, after: null, first: 'first', last: 'other', running: 26 },
    ])
  })

  it('hold subqueries, correlated ones too', async () => {
    await using space = await open(blog)
    void space
    await fillBlog()
    expect(await User.where((c) => c.id.in(Post.where('views', '>', 5).select('authorId'))).count()).toBe(2)
    expect(await User.where((c) => c.id.notIn(Post.where('views', '>', 100).select('authorId'))).count()).toBe(3)
    const busy = User.where((u) => exists(Post.where((p) => and(p.authorId.eq(u.id), p.views.gt(8), p.title.ne('other')))))
    expect((await busy).map(({ email }) => email)).toEqual(['ada@x.org'])
    expect(await Post.where((p) => exists(Comment.where((c) => and(c.postId.eq(p.id), c.score.gt(p.views))))).count()).toBe(0)
  })
})

onEachEngine('expressions made with kysely', (open) => {
  it('stand in raw fragments with their parameters, common table expressions too', async () => {
    await using space = await open(blog)
    await fillBlog()
    const kysely = space.db.kysely<{ posts: { id: number; author_id: number; views: number } }>()
    const busy = (views: number): object =>
      kysely
        .with('hot', (q) => q.selectFrom('posts').select(['author_id', 'views']).where('views', '>', views))
        .selectFrom('hot')
        .select('author_id')
        .where('views', '<', 100)
    const emails = async (views: number): Promise<string[]> =>
      (await User.where((c) => raw<boolean>`${c.id} in ${busy(views)}`.isTrue()).orderBy('id')).map(({ email }) => email)
    expect(await emails(8)).toEqual(['ada@x.org', 'bob@y.org'])
    space.clear()
    expect(await emails(20)).toEqual([])
    expect(await emails(8)).toHaveLength(2)
    expect(new Set(space.statements).size).toBe(1)
    expect(await User.where((c) => raw<boolean>`${c.id} in ${Post.where('views', '>', 8).select('authorId')}`.isTrue()).count()).toBe(2)
  })
})
