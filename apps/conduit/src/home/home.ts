import { ResponseHeaders, type Plugin } from '@covet/core'
import { Models } from '@covet/orm'
import { routes } from '@covet/router'
import { Eta } from 'eta'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import Type from 'typebox'
import { listArticles } from '../articles/read-articles.ts'

const pageLength = 5

/** The one page for people: the latest articles, made on the server. What users wrote is escaped by the template. */
export const home: Plugin<'models'> = routes({
  name: 'conduit/home',
  needs: { models: Models },
  public: true,
  hide: true,
  async setup(route) {
    const eta = new Eta({ views: import.meta.dirname, cache: true })
    const css = await readFile(join(import.meta.dirname, 'home.css'), 'utf8')
    // Nothing on the page comes from elsewhere, and nothing on it runs.
    route.app.services.add(ResponseHeaders, { 'content-security-policy': "default-src 'none'; style-src 'self'" })

    route.get('/', { query: Type.Object({ page: pageNumber }) }, async ({ query: { page } }, reply) => {
      const { articles, articlesCount } = await listArticles(null, {}, { limit: pageLength, offset: (page - 1) * pageLength })
      const lastPage = Math.max(1, Math.ceil(articlesCount / pageLength))
      return reply.type('text/html; charset=utf-8').send(eta.render('./home', { articles, articlesCount, page, lastPage, toDay }))
    })

    route.get('/home.css', (_request, reply) => reply.type('text/css; charset=utf-8').send(css))
  },
})

const pageNumber = Type.Integer({ default: 1, minimum: 1, maximum: 1_000_000 })

/** `2026-11-21T09:30:00.120Z` becomes `21 November 2026`. */
function toDay(instant: string): string {
  return new Date(instant).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
}
