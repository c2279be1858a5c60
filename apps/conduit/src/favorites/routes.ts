import type { Plugin } from '@covet/core'
import { Database } from '@covet/db'
import { routes } from '@covet/router'
import { signedIn } from '../api/token-guard.ts'
import { findArticle } from '../articles/read-articles.ts'
import { ArticleAnswer } from '../articles/schemas.ts'
import { favorite, unfavorite } from './favorites.ts'

export const favorites: Plugin<'database'> = routes({
  name: 'conduit/favorites',
  prefix: '/api/articles/:slug/favorite',
  tags: ['Favorites'],
  needs: { db: Database },
  setup(route, { db }) {
    const response = { 200: ArticleAnswer }

    route.post('/', { auth: 'required', summary: 'Favorite an article', response }, async (request) => {
      const me = signedIn(request)
      await favorite(db, me, request.params.slug)
      return { article: await findArticle(db, request.params.slug, me) }
    })

    route.delete('/', { auth: 'required', summary: 'Unfavorite an article', response }, async (request) => {
      const me = signedIn(request)
      await unfavorite(db, me, request.params.slug)
      return { article: await findArticle(db, request.params.slug, me) }
    })
  },
})
