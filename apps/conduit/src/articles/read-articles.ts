import { fragment, join, type Database, type Fragment } from '@covet/db'
import { NoSuchThingError } from '../api/errors.ts'
import { only } from '../database/only.ts'
import { profileColumns, toProfile, type ProfileRow } from '../profiles/profile-columns.ts'
import type { Page } from './page.ts'
import type { Article, ArticleSummary } from './schemas.ts'

/** Which articles are meant; all conditions hold together. */
export interface ArticleFilter {
  readonly tag?: string | undefined
  /** A user name. */
  readonly author?: string | undefined
  /** The name of a user who favourited it. */
  readonly favorited?: string | undefined
  /** The id of a user who follows its author. */
  readonly followedBy?: number | undefined
}

export interface ArticleList {
  readonly articles: ArticleSummary[]
  readonly articlesCount: number
}

/** @throws {NoSuchThingError} */
export async function findArticle({ sql }: Database, slug: string, viewerId: number | null): Promise<Article> {
  const row = await sql.first<ArticleRow & { body: string }>`
    select ${articleColumns(viewerId)}, articles.body
    from articles join users on users.id = articles.authorId
    where articles.slug = ${slug}`
  if (!row) throw new NoSuchThingError('article')
  return { ...toSummary(row), body: row.body }
}

/** The newest first. Two queries, however long the page: everything an article needs comes in its own row. */
export async function listArticles({ sql }: Database, viewerId: number | null, filter: ArticleFilter, page: Page): Promise<ArticleList> {
  const condition = conditionOf(filter)
  const [rows, counts] = await Promise.all([
    sql<ArticleRow>`
      select ${articleColumns(viewerId)}
      from articles join users on users.id = articles.authorId
      where ${condition}
      order by articles.createdAt desc, articles.id desc
      limit ${page.limit} offset ${page.offset}`,
    sql<{ total: number }>`select count(*) as total from articles where ${condition}`,
  ])
  return { articles: rows.map(toSummary), articlesCount: only(counts).total }
}

function conditionOf({ tag, author, favorited, followedBy }: ArticleFilter): Fragment {
  const conditions = [fragment`true`]
  if (tag !== undefined) conditions.push(fragment`articles.id in (select articleId from articleTags where tag = ${tag})`)
  if (author !== undefined) conditions.push(fragment`articles.authorId = (select id from users where username = ${author})`)
  if (favorited !== undefined) {
    conditions.push(
      fragment`articles.id in (select articleId from favorites where userId = (select id from users where username = ${favorited}))`,
    )
  }
  if (followedBy !== undefined) {
    conditions.push(fragment`articles.authorId in (select followedId from follows where followerId = ${followedBy})`)
  }
  return join(conditions, ' and ')
}

/** What SQLite answers for {@link articleColumns}: it has neither lists nor booleans. */
interface ArticleRow extends ProfileRow, Omit<ArticleSummary, 'tagList' | 'favorited' | 'author'> {
  readonly tagList: string
  readonly favorited: 0 | 1
}

function articleColumns(viewerId: number | null): Fragment {
  return fragment`
    articles.slug, articles.title, articles.description, articles.createdAt, articles.updatedAt,
    (select json_group_array(tag order by tag) from articleTags where articleId = articles.id) as tagList,
    (select count(*) from favorites where articleId = articles.id) as favoritesCount,
    exists (select 1 from favorites where articleId = articles.id and userId = ${viewerId}) as favorited,
    ${profileColumns(viewerId)}`
}

function toSummary(row: ArticleRow): ArticleSummary {
  const { slug, title, description, createdAt, updatedAt, favoritesCount } = row
  return {
    slug,
    title,
    description,
    tagList: JSON.parse(row.tagList) as string[],
    createdAt,
    updatedAt,
    favorited: row.favorited === 1,
    favoritesCount,
    author: toProfile(row),
  }
}
