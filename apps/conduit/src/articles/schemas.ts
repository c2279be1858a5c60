import Type, { type Static } from 'typebox'
import { DateTime, filled, wrapped } from '../api/fields.ts'
import { Profile } from '../profiles/schemas.ts'

const title = filled({ maxLength: 300 })
const description = filled()
const body = filled()
const tagList = Type.Array(filled({ maxLength: 64 }), { maxItems: 50 })

export const NewArticle = wrapped('article', { title, description, body, tagList: Type.Optional(tagList) })

export const ArticleChanges = wrapped('article', {
  title: Type.Optional(title),
  description: Type.Optional(description),
  body: Type.Optional(body),
  tagList: Type.Optional(tagList),
})

const summary = {
  slug: Type.String(),
  title: Type.String(),
  description: Type.String(),
  tagList: Type.Array(Type.String()),
  createdAt: DateTime,
  updatedAt: DateTime,
  favorited: Type.Boolean({ description: 'Whether the caller has favourited it.' }),
  favoritesCount: Type.Integer({ description: 'How many users have.' }),
  author: Profile,
}

/** An article in a list: all but its body. */
export const ArticleSummary = Type.Object(summary, { $id: 'ArticleSummary' })
export type ArticleSummary = Static<typeof ArticleSummary>

export const Article = Type.Object({ ...summary, body: Type.String() }, { $id: 'Article' })
export type Article = Static<typeof Article>

export const ArticleAnswer = Type.Object({ article: Article })

export const ArticlesAnswer = Type.Object({
  articles: Type.Array(ArticleSummary),
  articlesCount: Type.Integer({ description: 'How many match, whatever page was asked for.' }),
})
