import type { Plugin } from '@covet/core'
import { Database } from '@covet/db'
import { Models } from '@covet/orm'
import { routes } from '@covet/router'
import Type from 'typebox'
import { signedIn } from '../api/token-guard.ts'
import { pageQuery, toPage } from './page.ts'
import { findArticle, listArticles } from './read-articles.ts'
import { ArticleAnswer, ArticleChanges, ArticlesAnswer, NewArticle } from './schemas.ts'
import { createArticle, deleteArticle, updateArticle } from './write-articles.ts'

const FeedQuery = Type.Object(pageQuery)

const ListQuery = Type.Object({
  ...pageQuery,
  tag: Type.Optional(Type.String()),
  author: Type.Optional(Type.String()),
  favorited: Type.Optional(Type.String()),
})

export const articles: Plugin<'database' | 'models'> = routes({
  name: 'conduit/articles',
  prefix: '/api/articles',
  tags: ['Articles'],
  needs: { db: Database, models: Models },
  setup(route, { db }) {
    route.get(
      '/',
      { auth: 'optional', summary: 'The newest articles', query: ListQuery, response: { 200: ArticlesAnswer } },
      ({ query: { tag, author, favorited, ...page }, viewer }) => listArticles(viewer, { tag, author, favorited }, toPage(page)),
    )

    route.get(
      '/feed',
      { auth: 'required', summary: 'The newest articles of followed users', query: FeedQuery, response: { 200: ArticlesAnswer } },
      (request) => {
        const me = signedIn(request)
        return listArticles(me, { followedBy: me }, toPage(request.query))
      },
    )

    route.get('/:slug', { auth: 'optional', summary: 'An article', response: { 200: ArticleAnswer } }, async ({ params, viewer }) => ({
      article: await findArticle(params.slug, viewer),
    }))

    route.post(
      '/',
      { auth: 'required', summary: 'Publish an article', body: NewArticle, response: { 201: ArticleAnswer } },
      async (request) => {
        const me = signedIn(request)
        const { slug } = await createArticle(db, me, request.body.article)
        return { article: await findArticle(slug, me) }
      },
    )

    route.put(
      '/:slug',
      { auth: 'required', summary: 'Change an article', body: ArticleChanges, response: { 200: ArticleAnswer } },
      async (request) => {
        const me = signedIn(request)
        const { slug } = await updateArticle(db, request.params.slug, me, request.body.article)
        return { article: await findArticle(slug, me) }
      },
    )

    route.delete('/:slug', { auth: 'required', summary: 'Delete an article', response: { 204: Type.Null() } }, async (request) => {
      await deleteArticle(db, request.params.slug, signedIn(request))
    })
  },
})
