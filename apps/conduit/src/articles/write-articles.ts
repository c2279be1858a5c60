import type { Database } from '@covet/db'
import type { Static } from 'typebox'
import { NotYoursError } from '../api/errors.ts'
import type { User } from '../users/user.ts'
import { Article } from './article.ts'
import type { ArticleChanges, NewArticle } from './schemas.ts'
import { withFreeSlug } from './slug.ts'

export function createArticle(db: Database, author: User, fields: Static<typeof NewArticle>['article']): Promise<Article> {
  const { title, description, body, tagList = [] } = fields
  return withFreeSlug(title, (slug) =>
    db.transaction(async () => {
      const article = await Article.create({ slug, title, description, body, authorId: author.id })
      await addTags(article, tagList)
      return article
    }),
  )
}

/**
 * What is absent from the changes stays. A new title brings a new slug.
 * @throws {NoSuchThingError} @throws {NotYoursError}
 */
export function updateArticle(
  db: Database,
  slug: string,
  editor: User,
  changes: Static<typeof ArticleChanges>['article'],
): Promise<Article> {
  return withFreeSlug(changes.title ?? slug, (freeSlug) =>
    db.transaction(async () => {
      const article = await ownArticle(slug, editor)
      const { title = article.title, description = article.description, body = article.body, tagList } = changes
      const newSlug = title === article.title ? slug : freeSlug
      await article.fill({ slug: newSlug, title, description, body, updatedAt: instantAfter(article.updatedAt) }).save()
      if (tagList) {
        await article.related('tags').delete()
        await addTags(article, tagList)
      }
      return article
    }),
  )
}

/**
 * Comments, favourites and tags go with it, by their foreign keys.
 * @throws {NoSuchThingError} @throws {NotYoursError}
 */
export function deleteArticle(db: Database, slug: string, editor: User): Promise<void> {
  return db.transaction(async () => {
    const article = await ownArticle(slug, editor)
    await article.delete()
  })
}

async function ownArticle(slug: string, editor: User): Promise<Article> {
  const article = await Article.bySlug(slug)
  if (article.authorId !== editor.id) throw new NotYoursError('article')
  return article
}

/** A tag given twice is kept once. */
async function addTags(article: Article, tagList: readonly string[]): Promise<void> {
  await article.related('tags').createMany([...new Set(tagList)].map((name) => ({ name })))
}

/** Now, and in any case later than before: two edits within a millisecond are still told apart. */
function instantAfter(previous: Date): Date {
  return new Date(Math.max(Date.now(), previous.getTime() + 1))
}
