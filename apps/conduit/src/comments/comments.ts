import { fragment, type Database, type Fragment } from '@covet/db'
import { NoSuchThingError, NotYoursError } from '../api/errors.ts'
import { only } from '../database/only.ts'
import { profileColumns, toProfile, type ProfileRow } from '../profiles/profile-columns.ts'
import type { Comment } from './schemas.ts'

/** The oldest first, as a conversation reads. @throws {NoSuchThingError} */
export async function listComments(db: Database, slug: string, viewerId: number | null): Promise<Comment[]> {
  const articleId = await articleIdOf(db, slug)
  const rows = await db.sql<CommentRow>`${selectComments(viewerId)} where comments.articleId = ${articleId} order by comments.id`
  return rows.map(toComment)
}

/** @throws {NoSuchThingError} */
export async function addComment({ sql }: Database, slug: string, authorId: number, body: string): Promise<Comment> {
  const now = new Date().toISOString()
  const added = await sql.first<{ id: number }>`
    insert into comments (body, articleId, authorId, createdAt, updatedAt)
    select ${body}, id, ${authorId}, ${now}, ${now} from articles where slug = ${slug}
    returning id`
  if (!added) throw new NoSuchThingError('article')
  return toComment(only(await sql<CommentRow>`${selectComments(authorId)} where comments.id = ${added.id}`))
}

/** @throws {NoSuchThingError} @throws {NotYoursError} */
export function deleteComment(db: Database, slug: string, id: string, userId: number): Promise<void> {
  return db.transaction(async () => {
    const articleId = await articleIdOf(db, slug)
    const comment = isCommentId(id) ? await findAuthor(db, articleId, Number(id)) : undefined
    if (!comment) throw new NoSuchThingError('comment')
    if (comment.authorId !== userId) throw new NotYoursError('comment')
    await db.sql`delete from comments where id = ${Number(id)}`
  })
}

/** Any other text in its place names no comment; at most 15 digits stay exact as a number. */
function isCommentId(text: string): boolean {
  return /^\d{1,15}$/.test(text)
}

function findAuthor({ sql }: Database, articleId: number, id: number): Promise<{ authorId: number } | undefined> {
  return sql.first<{ authorId: number }>`select authorId from comments where id = ${id} and articleId = ${articleId}`
}

async function articleIdOf({ sql }: Database, slug: string): Promise<number> {
  const article = await sql.first<{ id: number }>`select id from articles where slug = ${slug}`
  if (!article) throw new NoSuchThingError('article')
  return article.id
}

interface CommentRow extends ProfileRow, Omit<Comment, 'author'> {}

function selectComments(viewerId: number | null): Fragment {
  return fragment`
    select comments.id, comments.createdAt, comments.updatedAt, comments.body, ${profileColumns(viewerId)}
    from comments join users on users.id = comments.authorId`
}

function toComment(row: CommentRow): Comment {
  const { id, createdAt, updatedAt, body } = row
  return { id, createdAt, updatedAt, body, author: toProfile(row) }
}
