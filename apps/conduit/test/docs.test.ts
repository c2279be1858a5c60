import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startConduit, type Conduit } from './support/conduit.ts'

let conduit: Conduit
beforeAll(async () => {
  conduit = await startConduit()
})
afterAll(() => conduit.close())

interface Operation {
  readonly responses: Readonly<Record<string, unknown>>
  readonly security?: readonly Readonly<Record<string, unknown>>[]
}

interface Document {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, { readonly properties?: object }>> }
}

const token = [{ token: [] }]
const tokenOrNone = [{}, { token: [] }]

/** Method and path, the status of success, and who may. */
const contract = [
  ['post /api/users', '201', undefined],
  ['post /api/users/login', '200', undefined],
  ['get /api/user', '200', token],
  ['put /api/user', '200', token],
  ['get /api/profiles/{username}', '200', tokenOrNone],
  ['post /api/profiles/{username}/follow', '200', token],
  ['delete /api/profiles/{username}/follow', '200', token],
  ['get /api/articles', '200', tokenOrNone],
  ['get /api/articles/feed', '200', token],
  ['post /api/articles', '201', token],
  ['get /api/articles/{slug}', '200', tokenOrNone],
  ['put /api/articles/{slug}', '200', token],
  ['delete /api/articles/{slug}', '204', token],
  ['get /api/articles/{slug}/comments', '200', tokenOrNone],
  ['post /api/articles/{slug}/comments', '201', token],
  ['delete /api/articles/{slug}/comments/{id}', '204', token],
  ['post /api/articles/{slug}/favorite', '200', token],
  ['delete /api/articles/{slug}/favorite', '200', token],
  ['get /api/tags', '200', undefined],
] as const

describe('the documentation', () => {
  it('describes the nineteen operations of the API and nothing else', async () => {
    const { openapi, paths } = await conduit.api.get('/openapi.json').expect(200).json<Document>()
    expect(openapi).toMatch(/^3\.1\./)
    const described = Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, { responses, security }]) => [`${method} ${path}`, Object.keys(responses).sort(), security]),
    )
    const byName = ([a]: readonly unknown[], [b]: readonly unknown[]): number => String(a).localeCompare(String(b))
    expect(described.toSorted(byName)).toEqual(
      contract.map(([name, status, security]) => [name, [status, '4XX'], security]).toSorted(byName),
    )
  })

  it('names the objects of the API, and says how errors look', async () => {
    const { components } = await conduit.api.get('/openapi.json').expect(200).json<Document>()
    const { Article, ArticleSummary, Comment, Errors, Profile, User } = components.schemas
    expect(Object.keys(Profile?.properties ?? {})).toEqual(['username', 'bio', 'image', 'following'])
    expect(Object.keys(User?.properties ?? {})).toEqual(['email', 'token', 'username', 'bio', 'image'])
    expect(Object.keys(Comment?.properties ?? {})).toEqual(['id', 'createdAt', 'updatedAt', 'body', 'author'])
    expect(Article?.properties).toHaveProperty('body')
    expect(ArticleSummary?.properties).not.toHaveProperty('body')
    expect(Object.keys(Errors?.properties ?? {})).toEqual(['errors'])
  })

  it('is a page that brings all it needs', async () => {
    const html = await conduit.api
      .get('/docs')
      .expect(200)
      .expectHeader('content-type', /^text\/html/)
      .text()
    expect(html).toContain('Conduit')
    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//)
    const parts = [...html.matchAll(/(?:src|href)="(\/[^"]*)"/g)].map(([, path]) => path ?? '')
    for (const path of parts) await conduit.api.get(path).expect(200)
  })
})
