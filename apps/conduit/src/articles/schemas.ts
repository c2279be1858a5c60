import Type, { type Static } from 'typebox'
import { filled, wrapped } from '../api/fields.ts'
import { Profile } from '../profiles/schemas.ts'
import { Tag } from '../tags/tag.ts'
import { Article } from './article.ts'

const written = Article.schema('create').properties
const title = filled(written.title)
const description = filled(written.description)
const body = filled(written.body)
const tagList = Type.Array(filled(Tag.schema('create').properties.name), { maxItems: 50 })

export const NewArticle = wrapped('article', { title, description, body, tagList: Type.Optional(tagList) })

export const ArticleChanges = wrapped('article', {
  title: Type.Optional(title),
  description: Type.Optional(description),
  body: Type.Optional(body),
  tagList: Type.Optional(tagList),
})

const read = Article.schema('read').properties

const summary = {
  slug: read.slug,
  title: read.title,
  description: read.description,
  tagList: Type.Array(Type.String()),
  createdAt: read.createdAt,
  updatedAt: read.updatedAt,
  favorited: Type.Boolean({ description: 'Whether the caller has favourited it.' }),
  favoritesCount: Type.Integer({ description: 'How many users have.' }),
  author: Profile,
}

/** An article in a list: all but its body. */
export const ArticleSummary = Type.Object(summary, { $id: 'ArticleSummary' })
export type ArticleSummary = Static<typeof ArticleSummary>

export const ArticleView = Type.Object({ ...summary, body: read.body }, { $id: 'Article' })
export type ArticleView = Static<typeof ArticleView>

export const ArticleAnswer = Type.Object({ article: ArticleView })

export const ArticlesAnswer = Type.Object({
  articles: Type.Array(ArticleSummary),
  articlesCount: Type.Integer({ description: 'How many match, whatever page was asked for.' }),
})
