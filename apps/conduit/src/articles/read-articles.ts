import { type Cols, type Query, raw, type ShapeOf, value } from '@covet/orm'
import { NoSuchThingError } from '../api/errors.ts'
import { profileColumns } from '../profiles/profiles.ts'
import { Tag } from '../tags/tag.ts'
import { User } from '../users/user.ts'
import { Article } from './article.ts'
import type { Page } from './page.ts'
import type { ArticleSummary, ArticleView } from './schemas.ts'

/** Which articles are meant; all conditions hold together. */
export interface ArticleFilter {
  readonly tag?: string | undefined
  /** A user name. */
  readonly author?: string | undefined
  /** The name of a user who favourited it. */
  readonly favorited?: string | undefined
  /** A user who follows its author. */
  readonly followedBy?: User
}

export interface ArticleList {
  readonly articles: ArticleSummary[]
  readonly articlesCount: number
}

/** @throws {NoSuchThingError} */
export async function findArticle(slug: string, viewer: User | null): Promise<ArticleView & { readonly id: number }> {
  const row = await Article.where('slug', slug)
    .select((article) => ({ id: article.id, body: article.body, ...summaryColumns(article, viewer) }))
    .first()
  if (!row) throw new NoSuchThingError('article')
  const { id, body, ...summary } = row
  return { id, body, ...toSummary(summary) }
}

/** The newest first. Two queries, however long the page: everything an article needs comes in its own row. */
export async function listArticles(viewer: User | null, filter: ArticleFilter, { limit, offset }: Page): Promise<ArticleList> {
  const matching = articlesBy(filter)
  const [rows, articlesCount] = await Promise.all([
    // The page is found by its ids first: SQLite would work out the columns of all that match before it sorts them.
    newestFirst(Article.where('id', 'in', newestFirst(matching).limit(limit).offset(offset).select('id'))).select((article) =>
      summaryColumns(article, viewer),
    ),
    matching.count(),
  ])
  return { articles: rows.map(toSummary), articlesCount }
}

function newestFirst(articles: Query<Article>): Query<Article> {
  return articles.orderBy('createdAt', 'desc').orderBy('id', 'desc')
}

function articlesBy({ tag, author, favorited, followedBy }: ArticleFilter): Query<Article> {
  let query = Article.query()
  if (tag !== undefined) query = query.where('id', 'in', Tag.where('name', tag).select('articleId'))
  if (author !== undefined) query = query.where('authorId', 'in', User.where('username', author).select('id'))
  if (favorited !== undefined) query = query.where('favoritedBy.username', favorited)
  if (followedBy !== undefined) query = query.where('authorId', 'in', followedBy.related('following').select('id'))
  return query
}

function summaryColumns(article: Cols<ShapeOf<Article>>, viewer: User | null) {
  const { id, slug, title, description, createdAt, updatedAt, favoritedBy, author } = article
  return {
    slug,
    title,
    description,
    createdAt,
    updatedAt,
    // SQLite gathers the words of a row while it reads it; loaded as a relation they would be a query more.
    tagList: raw<string[]>`(select json_group_array(name order by name) from tags where article_id = ${id})`,
    favoritesCount: favoritedBy.count(),
    favorited: viewer ? favoritedBy.any((user) => user.id.eq(viewer.id)) : value(false),
    ...profileColumns(author, viewer),
  }
}

type SummaryRow = Omit<ArticleSummary, 'author' | 'createdAt' | 'updatedAt'> &
  ArticleSummary['author'] & { readonly createdAt: Date; readonly updatedAt: Date }

function toSummary({ username, bio, image, following, createdAt, updatedAt, ...article }: SummaryRow): ArticleSummary {
  return {
    ...article,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    author: { username, bio, image, following },
  }
}
