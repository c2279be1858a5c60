import { expect, it } from '@jest/globals'
import { and, exists, f, Model, not, or } from '../../src/index.ts'
import { belongsTo, errors } from '../../src/index.ts'
import { blog, Comment, fillBlog, Post, User } from '../support/blog.ts'
import { onEachEngine } from '../support/engines.ts'

class Note extends Model(
  'notes',
  { id: f.id(), body: f.string(), author: belongsTo(() => User) },
  { scope: (c) => (c as unknown as { author: { active: { eq(value: boolean): never } } }).author.active.eq(true) },
) {}

onEachEngine('queries inside queries', (open) => {
  it('keep what they combine, so that a write hits what it names', async () => {
    await using space = await open(blog)
    void space
    const { ada, bob } = await fillBlog()
    const either = (...names: string[]): ReturnType<typeof named> => named(names[0] ?? '').union(named(names[1] ?? ''))
    const named = (name: string) => User.where('email', name).select('id')
    expect(await User.where((c) => c.id.in(either('ada@x.org', 'nobody'))).count()).toBe(1)
    expect(await User.where((c) => c.id.notIn(either('ada@x.org', 'bob@y.org'))).count()).toBe(1)
    expect(await User.where(() => exists(either('nobody', 'no one'))).count()).toBe(0)
    expect(
      await Comment.where((c) =>
        c.postId.in(Post.where('title', 'first').select('id').except(Post.where('views', 9).select('id'))),
      ).delete(),
    ).toBe(2)
    expect(await Post.where((c) => c.authorId.in(named('bob@y.org').intersect(named('bob@y.org')))).update({ views: 1 })).toBe(1)
    expect(await Post.where('authorId', ada.id).where('views', 1).count()).toBe(0)
    expect(await Post.where('authorId', bob.id).where('views', 1).count()).toBe(1)
  })

  it('leave NULL out of not in behind their limit, not before it', async () => {
    await using space = await open(blog)
    void space
    await fillBlog()
    const last = User.query().orderBy('id', 'desc').limit(2).select('name')
    expect(await User.where((c) => c.name.notIn(last)).count()).toBe(1)
  })

  it('of the same model do not take each other for themselves', async () => {
    await using space = await open(blog)
    void space
    await fillBlog()
    const best = (): unknown => Post.where((c) => exists(Post.where((p) => p.views.gt(c.views))))
    expect(best).toThrow('cannot use the columns of the outer one')
    const active = await User.where((c) =>
      c.id.in(
        User.where((u) =>
          and(
            u.active.eq(true),
            u.posts.any((p) => p.views.gt(4)),
          ),
        ).select('id'),
      ),
    )
    expect(active.map(({ email }) => email)).toEqual(['ada@x.org'])
  })

  it('combine what they compute, by the names they give it', async () => {
    await using space = await open(blog)
    void space
    const { ada, bob } = await fillBlog()
    const doubled = Post.query().select((c) => ({ n: c.views.mul(2), of: c.authorId }))
    const plus = Post.query().select((c) => ({ n: c.views.add(1), of: c.authorId }))
    const both = await doubled.unionAll(plus)
    expect(both).toHaveLength(2 * (await Post.query().count()))
    expect(new Set(both.map(({ of }) => of))).toEqual(new Set([ada.id, bob.id]))
    expect(new Set(both.map(({ n }) => n))).toEqual(new Set((await Post.query()).flatMap(({ views }) => [views * 2, views + 1])))
    expect(await doubled.except(doubled)).toEqual([])
    expect(await doubled.intersect(doubled).count()).toBe((await doubled.distinct()).length)
    expect(await doubled.unionAll(plus).unionAll(plus).limit(2)).toHaveLength(2)
    expect(await Post.query().select('authorId').union(Post.query().select('authorId')).orderBy('authorId', 'desc').limit(1)).toEqual([
      { authorId: bob.id },
    ])
    expect(await User.where((c) => c.id.in(Post.query().select('authorId').intersect(Post.query().select('authorId')))).count()).toBe(2)
    await expect(Post.query().select('authorId').union(Post.query().select('authorId')).orderBy('views')).rejects.toThrow(
      "The column 'views' of posts is not among those that the combined queries select.",
    )
  })

  it('are combined of equal columns only', async () => {
    await using space = await open(blog)
    void space
    expect(() =>
      User.query()
        .select('id', 'email')
        .union(User.query().select('email', 'id') as never)
        .toSql(),
    ).toThrow('the same columns in the same order')
  })
})

onEachEngine('what only looks like a condition', (open) => {
  it('lets no write through (ORM-4, trap 19)', async () => {
    await using space = await open(blog)
    void space
    await fillBlog()
    for (const write of [
      () => Comment.where((c) => not(c.id.in([]))).delete(),
      () => Comment.where((c) => or(c.id.in([]), c.id.notIn([]))).delete(),
      () => Comment.where(() => not(or())).delete(),
      () => Comment.where((c) => and(c.id.notIn([]), and())).update({ score: 0 }),
    ])
      await expect(write()).rejects.toThrow(errors.UnfilteredWriteError)
    expect(await Comment.where((c) => and(c.id.in([]), c.score.gt(0))).delete()).toBe(0)
    expect(await Comment.query().count()).toBe(3)
  })

  it('of a scope over a relation is kept by writes', async () => {
    await using space = await open([...blog, Note])
    void space
    const { ada, bob } = await fillBlog()
    await Note.createMany([
      { body: 'a', authorId: ada.id },
      { body: 'b', authorId: bob.id },
    ])
    expect(await Note.query().unfiltered().update({ body: 'c' })).toBe(1)
    expect(await Note.where('body', 'b').delete()).toBe(0)
    expect(await Note.query().unscoped().where('body', 'b').count()).toBe(1)
  })
})

onEachEngine('bounds', (open) => {
  it('stay what they were asked for, or are refused', async () => {
    await using space = await open(blog)
    void space
    await fillBlog()
    expect((await User.query().orderBy('id').limit(1).get()).email).toBe('ada@x.org')
    expect(await User.query().limit(0).first()).toBeNull()
    await expect(User.query().limit(2).paginate({ perPage: 3 })).rejects.toThrow('leave limit() and offset() out')
    await expect(
      Post.query()
        .limit(1)
        .aggregate((c) => ({ views: c.views.sum() })),
    ).rejects.toThrow('leave limit() and offset() out')
    expect(() =>
      Post.query()
        .limit(1)
        .groupBy(['authorId'], (c) => ({ n: c.id.count() })),
    ).toThrow('put limit() and offset() behind it')
  })

  it('of the parts of a combination are theirs alone', async () => {
    await using space = await open(blog)
    void space
    await fillBlog()
    const both = Post.query().orderBy('id').limit(1).union(Post.query().orderBy('id', 'desc').limit(1))
    expect(await both.aggregate((c) => ({ posts: c.id.count() }))).toEqual({ posts: 2 })
    expect((await both.orderBy('id').paginate({ perPage: 1 })).items.map(({ title }) => title)).toEqual(['first'])
    expect(await both.groupBy(['authorId'], (c) => ({ n: c.id.count() })).count()).toBe(2)
    await expect(both.get()).rejects.toThrow('More than one')
    await expect(both.limit(1).aggregate((c) => ({ posts: c.id.count() }))).rejects.toThrow('leave limit() and offset() out')
  })

  it('of all() take a missing value for an unsatisfied condition', async () => {
    await using space = await open(blog)
    void space
    await fillBlog()
    expect((await User.where((c) => c.posts.all((p) => p.price.gt('1'))).orderBy('id')).map(({ email }) => email)).toEqual([
      'bob@y.org',
      'Cid@x.org',
    ])
  })

  it('of names are those of the model', async () => {
    await using space = await open(blog)
    void space
    await fillBlog()
    expect(() => User.query().annotate((c) => ({ save: c.id }))).toThrow("has 'save' already")
    expect(() => User.query().annotate((c) => ({ domain: c.id }))).toThrow("has 'domain' already")
    await expect(Post.raw`select p.*, 99 as "authorId" from posts p`).rejects.toThrow(/authorId|refused/)
  })
})
