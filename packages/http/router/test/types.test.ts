import { plugin, token, type Plugin, type Token } from '@covet/core'
import { expect, it } from '@jest/globals'
import Type from 'typebox'
import { action, middleware, type PathParams, routes } from '../src/index.ts'

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const check = <T extends true>(): T | undefined => undefined

interface Db {
  find(slug: string): { slug: string; title: string }
}
const Db: Token<'db', Db> = token('db')
const ArticleView = Type.Object({ slug: Type.String(), title: Type.String() })

it('infers parameters from the path string', () => {
  check<Equal<keyof PathParams<'/articles'>, never>>()
  check<Equal<PathParams<'/articles/:slug'>, { slug: string }>>()
  check<Equal<PathParams<'/a/:slug/comments/:id'>, { slug: string; id: string }>>()
  check<Equal<PathParams<'/flights/:from-:to.:format'>, { from: string; to: string; format: string }>>()
  check<Equal<PathParams<'/a/:id(^\\d+$)/x'>, { id: string }>>()
  check<Equal<PathParams<'/files/*'>, { '*': string }>>()
  check<Equal<PathParams<'/time/12::30/:zone'>, { zone: string }>>()
  check<Equal<PathParams<string>, Record<string, string>>>()
  const paged: PathParams<'/posts/:page?'> = {}
  expect(paged).toEqual({})
})

it('types the request by path and schemas, the answer by response', () => {
  const viewer = middleware({ name: 'viewer', adds: ['viewer'], before: async () => ({ viewer: { id: 1 } }) })
  const typed: Plugin<'db'> = routes({
    name: 'typed',
    prefix: '/articles/:slug',
    needs: { db: Db },
    use: [viewer],
    setup(route, { db }) {
      check<Equal<typeof db, Db>>()
      route.get('/', { response: { 200: ArticleView } }, ({ params, viewer: { id } }) => {
        check<Equal<typeof params, { slug: string }>>()
        check<Equal<typeof id, number>>()
        return db.find(params.slug)
      })
      route.get('/bare/:id', ({ params }) => {
        check<Equal<typeof params, { slug: string; id: string }>>()
        return params
      })
      // @ts-expect-error the answer has no title
      route.get('/wrong', { response: { 200: ArticleView } }, ({ params }) => ({ slug: params.slug }))
      // @ts-expect-error an option nobody knows
      route.get('/typo', { summry: 'x' }, () => 1)
      route.post(
        '/comments/:id',
        {
          params: Type.Object({ id: Type.Integer() }),
          query: Type.Object({ limit: Type.Optional(Type.Integer()) }),
          headers: Type.Object({ 'x-key': Type.String() }),
          body: Type.Object({ from: Type.Integer(), to: Type.Integer() }),
          rules: [{ name: 'order', holds: ({ body }) => body.from < body.to, report: { message: 'must be in order' } }],
          response: { 201: Type.Object({ id: Type.Integer() }), '4xx': Type.Object({ error: Type.String() }) },
        },
        async ({ params, query, body, headers }, reply) => {
          check<Equal<typeof params, { id: number }>>()
          check<Equal<typeof query.limit, number | undefined>>()
          check<Equal<typeof body.from, number>>()
          check<Equal<(typeof headers)['x-key'], string>>()
          if (body.from > 5) return reply.code(404).send({ error: 'no' })
          // @ts-expect-error the answer of a 404 has a string
          if (body.from > 4) return reply.code(404).send({ error: 5 })
          return { id: params.id }
        },
      )
      route.delete('/', { response: { 204: Type.Null() } }, async () => {})
      // @ts-expect-error nothing is answered with 204
      route.delete('/more', { response: { 204: Type.Null() } }, async () => 5)
      route.post('/free', ({ body }) => {
        check<Equal<typeof body, unknown>>()
        return null
      })
      route.group({ prefix: '/by/:author', use: [middleware({ name: 'n', adds: ['n'], before: () => ({ n: 1 }) })] }, (inner) => {
        inner.get('/:year', { use: [viewer] }, ({ params, n, viewer: { id } }) => {
          check<Equal<typeof params, { slug: string; author: string; year: string }>>()
          return n + id
        })
      })
      route.get(
        '/act',
        action({ params: Type.Object({ slug: Type.String() }), response: { 200: ArticleView } }, ({ params }) => db.find(params.slug)),
      )
    },
  })
  // @ts-expect-error the need for 'db' cannot be hidden
  const hidden: Plugin = routes({ name: 'hidden', needs: { db: Db }, setup() {} })
  expect(hidden.definition.needs).toHaveLength(1)
  expect(typed.definition.name).toBe('typed')
})

it('refuses a middleware that does not return what it says it adds', () => {
  // @ts-expect-error user is missing
  const wrong = middleware({ name: 'wrong', adds: ['user'], before: () => ({ account: 1 }) })
  expect(wrong.name).toBe('wrong')
  expect(plugin({ name: 'x', setup() {} }).definition.name).toBe('x')
})
