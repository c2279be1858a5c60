import type { Plugin } from '@covet/core'
import { Database } from '@covet/db'
import { Models } from '@covet/orm'
import { routes } from '@covet/router'
import { signedIn } from '../api/token-guard.ts'
import { ArticleAnswer } from '../articles/schemas.ts'
import { setFavorite } from './favorites.ts'

export const favorites: Plugin<'database' | 'models'> = routes({
  name: 'conduit/favorites',
  prefix: '/api/articles/:slug/favorite',
  tags: ['Favorites'],
  needs: { db: Database, models: Models },
  setup(route, { db }) {
    const response = { 200: ArticleAnswer }

    route.post('/', { auth: 'required', summary: 'Favorite an article', response }, async (request) => ({
      article: await setFavorite(db, signedIn(request), request.params.slug, true),
    }))

    route.delete('/', { auth: 'required', summary: 'Unfavorite an article', response }, async (request) => ({
      article: await setFavorite(db, signedIn(request), request.params.slug, false),
    }))
  },
})
