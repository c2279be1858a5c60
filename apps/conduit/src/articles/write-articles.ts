import { values, type Database } from '@covet/db'
import type { Static } from 'typebox'
import { NoSuchThingError, NotYoursError } from '../api/errors.ts'
import { only } from '../database/only.ts'
import type { ArticleChanges, NewArticle } from './schemas.ts'
import { withFreeSlug } from './slug.ts'

/** @returns the article's slug */
export function createArticle(db: Database, authorId: number, article: Static<typeof NewArticle>['article']): Promise<string> {
  const { title, description, body, tagList = [] } = article
  const createdAt = new Date().toISOString()
  return withFreeSlug(title, (slug) =>
    db.transaction(async () => {
      const row = { slug, title, description, body, authorId, createdAt, updatedAt: createdAt }
      const { id } = only(await db.sql<{ id: number }>`insert into articles ${values(row)} returning id`)
      await addTags(db, id, tagList)
      return slug
    }),
  )
}

/**
 * What is absent from the changes stays. A new title brings a new slug.
 * @returns the article's slug
 * @throws {NoSuchThingError} @throws {NotYoursError}
 */
export function updateArticle(
  db: Database,
  slug: string,
  editorId: number,
  changes: Static<typeof ArticleChanges>['article'],
): Promise<string> {
  return withFreeSlug(changes.title ?? slug, (freeSlug) =>
    db.transaction(async () => {
      const old = await ownArticle(db, slug, editorId)
      const { title = old.title, description = old.description, body = old.body, tagList } = changes
      const newSlug = title === old.title ? slug : freeSlug
      await db.sql`
        update articles set slug = ${newSlug}, title = ${title}, description = ${description}, body = ${body},
          updatedAt = ${instantAfter(old.updatedAt)}
        where id = ${old.id}`
      if (tagList) await replaceTags(db, old.id, tagList)
      return newSlug
    }),
  )
}

/**
 * Comments, favourites and tags go with it, by their foreign keys.
 * @throws {NoSuchThingError} @throws {NotYoursError}
 */
export function deleteArticle(db: Database, slug: string, editorId: number): Promise<void> {
  return db.transaction(async () => {
    const { id } = await ownArticle(db, slug, editorId)
    await db.sql`delete from articles where id = ${id}`
  })
}

interface StoredArticle {
  readonly id: number
  readonly authorId: number
  readonly title: string
  readonly description: string
  readonly body: string
  readonly updatedAt: string
}

async function ownArticle({ sql }: Database, slug: string, editorId: number): Promise<StoredArticle> {
  const article = await sql.first<StoredArticle>`
    select id, authorId, title, description, body, updatedAt from articles where slug = ${slug}`
  if (!article) throw new NoSuchThingError('article')
  if (article.authorId !== editorId) throw new NotYoursError('article')
  return article
}

async function replaceTags(db: Database, articleId: number, tagList: readonly string[]): Promise<void> {
  await db.sql`delete from articleTags where articleId = ${articleId}`
  await addTags(db, articleId, tagList)
}

/** A tag given twice is kept once. */
async function addTags({ sql }: Database, articleId: number, tagList: readonly string[]): Promise<void> {
  if (tagList.length === 0) return
  const rows = [...new Set(tagList)].map((tag) => ({ articleId, tag }))
  await sql`insert into articleTags ${values(rows)}`
}

/** Now, and in any case later than before: two edits within a millisecond are still told apart. */
function instantAfter(previous: string): string {
  return new Date(Math.max(Date.now(), Date.parse(previous) + 1)).toISOString()
}
