import { expect, it } from '@jest/globals'
import { and } from '../../src/index.ts'
import { blog, Comment, fillBlog, Post, User } from '../support/blog.ts'
import { onEachEngine } from '../support/engines.ts'

onEachEngine('a predicate inside a predicate of the same relation', (open) => {
  it('is about a row of its own: the two are compared with each other (Q3)', async () => {
    await using _ = await open(blog)
    const { ada } = await fillBlog()
    const names = async (query: typeof busier): Promise<readonly (string | null)[]> => (await query.orderBy('id')).map(({ email }) => email)
    const busier = User.where((c) => c.posts.any((p) => c.posts.any((q) => q.views.gt(p.views))))
    expect(await names(busier)).toEqual(['ada@x.org'])
    // The same the other way round, and of one row with itself: other queries, not the plan of the first one.
    expect(await names(User.where((c) => c.posts.any((p) => c.posts.any((q) => p.views.gt(q.views)))))).toEqual(['ada@x.org'])
    expect(await names(User.where((c) => c.posts.any(() => c.posts.any((q) => q.views.gt(q.views)))))).toEqual([])
    expect(await names(User.where((c) => c.posts.any((p) => c.posts.any(() => p.views.gt(p.views)))))).toEqual([])
    expect(await names(User.where((c) => c.posts.any((p) => c.posts.none((q) => q.views.gt(p.views)))))).toEqual(['ada@x.org', 'bob@y.org'])
    expect(await names(User.where((c) => c.posts.all((p) => c.posts.any((q) => q.views.ne(p.views)))))).toEqual(['ada@x.org', 'Cid@x.org'])
    const [row] = await User.where('id', ada.id).annotate((c) => ({
      beaten: c.posts.count((p) => c.posts.any((q) => q.views.gt(p.views))),
      least: c.posts.count((p) => c.posts.count((q) => q.views.lt(p.views)).eq(0)),
      middle: c.posts.count((p) =>
        c.posts.any((q) =>
          and(
            q.views.gt(p.views),
            c.posts.any((r) => r.views.lt(p.views)),
          ),
        ),
      ),
    }))
    expect(row).toMatchObject({ beaten: 2, least: 1, middle: 1 })
  })

  it('joins the relations of its own rows', async () => {
    await using _ = await open(blog)
    const { ada } = await fillBlog()
    const both = User.where((c) =>
      and(
        c.posts.any((p) => and(p.author.name.eq('Ada'), p.views.eq(3))),
        c.posts.any((q) => and(q.author.name.eq('Ada'), q.views.eq(5))),
      ),
    )
    expect((await both).map(({ id }) => id)).toEqual([ada.id])
    const nested = User.where((c) =>
      c.posts.any((p) => c.posts.any((q) => and(q.views.gt(p.views), q.author.id.eq(p.author.id), p.author.name.eq('Ada')))),
    )
    expect((await nested).map(({ id }) => id)).toEqual([ada.id])
  })

  it('aggregates the rows that belong to its own row, and to no other', async () => {
    await using _ = await open(blog)
    const { ada } = await fillBlog()
    const having = (count: number): Promise<number> => User.where((c) => c.posts.any((p) => p.comments.count().eq(count))).count()
    expect([await having(2), await having(3)]).toEqual([1, 0])
    expect(await User.where((c) => c.posts.any((p) => and(p.views.eq(9), p.comments.score.max().eq(2)))).count()).toBe(0)
    expect(await User.where((c) => c.posts.comments.count().eq(3)).count()).toBe(1)
    const [row] = await User.where('id', ada.id).annotate((c) => ({
      commented: c.posts.count((p) => p.comments.count((k) => k.score.gt(1)).eq(1)),
      best: c.posts.comments.score.max(),
    }))
    expect(row).toMatchObject({ commented: 2, best: 7 })
  })

  it('stands in a callback of the same model inside of another one', async () => {
    await using _ = await open(blog)
    await fillBlog()
    const inside = Post.where((c) =>
      c.authorId.in(User.where((u) => u.posts.any((p) => u.posts.any((q) => q.views.gt(p.views)))).select('id')),
    )
    expect(await User.where((c) => c.posts.any((p) => p.id.in(inside.select('id')))).count()).toBe(1)
    expect(await Comment.where((c) => c.post.comments.any((d) => c.post.comments.any((e) => e.score.gt(d.score)))).count()).toBe(2)
  })
})
