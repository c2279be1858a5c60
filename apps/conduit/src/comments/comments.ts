import type { Database } from '@covet/db'
import { exists } from '@covet/orm'
import { NoSuchThingError, NotYoursError } from '../api/errors.ts'
import { Article } from '../articles/article.ts'
import { profileColumns } from '../profiles/profiles.ts'
import type { User } from '../users/user.ts'
import type { CommentView } from './schemas.ts'

/** The oldest first, as a conversation reads. @throws {NoSuchThingError} */
export async function listComments(slug: string, viewer: User | null): Promise<CommentView[]> {
  const article = await Article.bySlug(slug)
  const comments = await article
    .related('comments')
    .orderBy('id')
    .select(({ id, createdAt, updatedAt, body, author }) => ({ id, createdAt, updatedAt, body, ...profileColumns(author, viewer) }))
  return comments.map(({ id, createdAt, updatedAt, body, ...author }) => ({
    id,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    body,
    author,
  }))
}

/** @throws {NoSuchThingError} */
export function addComment(db: Database, slug: string, author: User, body: string): Promise<CommentView> {
  return db.transaction(async () => {
    const article = await Article.where('slug', slug)
      .annotate(() => ({ following: exists(author.related('following').where('id', author.id)) }))
      .first()
    if (!article) throw new NoSuchThingError('article')
    const comment = await article.related('comments').create({ body, authorId: author.id })
    const { username, bio, image } = author
    return { ...comment.toJSON(), author: { username, bio, image, following: article.following } }
  })
}

/** @throws {NoSuchThingError} @throws {NotYoursError} */
export function deleteComment(db: Database, slug: string, id: string, user: User): Promise<void> {
  return db.transaction(async () => {
    const article = await Article.bySlug(slug)
    const comment = isCommentId(id) ? await article.related('comments').where('id', Number(id)).first() : null
    if (!comment) throw new NoSuchThingError('comment')
    if (comment.authorId !== user.id) throw new NotYoursError('comment')
    await comment.delete()
  })
}

/** Any other text in its place names no comment; at most 15 digits stay exact as a number. */
function isCommentId(text: string): boolean {
  return /^\d{1,15}$/.test(text)
}
