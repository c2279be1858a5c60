import { expect, it } from '@jest/globals'
import { and, caseWhen, exists, or } from '../../src/index.ts'
import { blog, Comment, fillBlog, Post, User } from '../support/blog.ts'
import { onEachEngine } from '../support/engines.ts'

type Share = <Q extends { shared(): Q }>(query: Q) => Q
interface Readable extends PromiseLike<unknown[]> {
  toSql(): { readonly text: string; readonly params: readonly unknown[] }
}

/** Queries with values around, before and behind those of a part that stands in them twice. */
const everywhere: readonly (readonly [where: string, query: (share: Share) => Readable])[] = [
  [
    'in what is selected',
    (share) => {
      const part = share(Post.where('views', 'in', [3, 5, 9]).where('title', '!=', 'third'))
      return User.where('email', 'contains', '.org')
        .select((u) => ({
          id: u.id,
          kind: caseWhen(u.id.in(part.where('views', 9).select('authorId')), 'nine')
            .when(exists(part.where((p) => p.authorId.eq(u.id))), 'some')
            .else('none'),
        }))
        .orderBy('id')
        .limit(5)
    },
  ],
  [
    'in annotations, conditions and orders',
    (share) => {
      const part = share(Comment.where('score', '>', 1).where('body', '!=', 'nothing'))
      return Post.where('views', '<', 100)
        .annotate((p) => ({ told: caseWhen(p.id.in(part.where('score', '<', 7).select('postId')), 1).else(2) }))
        .where((p) => or(p.title.eq('other'), p.id.in(part.select('postId'))))
        .orderBy((p) => caseWhen(exists(part.where((c) => c.postId.eq(p.id)).where('score', 7)), 1).else(0))
        .orderBy('id')
    },
  ],
  [
    'in groups and what they have',
    (share) => {
      const part = share(Comment.where('score', '>', 1))
      return Post.where((p) => or(p.views.gt(8), p.id.in(part.select('postId'))))
        .groupBy(['authorId'], (p) => ({ told: p.views.sum().filter(p.id.in(part.where('score', '>', 2).select('postId'))) }))
        .having((p) => p.id.count().gt(0))
        .orderBy('authorId')
    },
  ],
  [
    'below a to-many relation, and below another query',
    (share) => {
      const part = share(Comment.where('score', '>', 1).where('post.views', '>', 2))
      return User.where((u) => u.posts.any((p) => p.id.in(part.where('score', 7).select('postId'))))
        .where((u) => u.id.in(Post.where((p) => and(p.views.gt(1), p.id.in(part.select('postId')))).select('authorId')))
        .orderBy('id')
    },
  ],
  [
    'of several models, one in the other',
    (share) => {
      const told = share(Comment.where('score', '>', 1))
      const read = share(Post.where('views', '>', 2).where((p) => p.id.in(told.where('score', '<', 100).select('postId'))))
      return User.where((u) => u.id.in(read.where('title', '!=', 'x').select('authorId')))
        .where((u) => exists(read.where((p) => p.authorId.eq(u.id)).where((p) => p.id.in(told.where('body', 'two').select('postId')))))
        .orderBy('id')
    },
  ],
]

onEachEngine('shared queries', (open) => {
  it.each(everywhere)('answer as queries written in place do, %s', async (_where, query) => {
    await using space = await open(blog)
    void space
    await fillBlog()
    const shared = query((part) => part.shared())
    const inPlace = query((part) => part)
    const rows: unknown = JSON.parse(JSON.stringify(await shared))
    expect(rows).toEqual(JSON.parse(JSON.stringify(await inPlace)))
    expect(rows).not.toEqual([])
    expect(shared.toSql().text.match(/\bwith\b/g)).toHaveLength(1)
    expect(shared.toSql().params.length).toBeLessThan(inPlace.toSql().params.length)
  })
})
