import { createApp, plugin, type Mode } from '@covet/core'
import { RouteGuard, routes } from '@covet/router'
import { describe, expect, it } from '@jest/globals'
import { Script } from 'node:vm'
import Type from 'typebox'
import { OpenApi, openapi, type OpenApiOptions } from '../src/index.ts'
import { markup } from '../src/page/html.ts'
import { schemaText } from '../src/page/schema-text.ts'

const api = routes({
  name: 'api',
  public: true,
  setup(route) {
    route.get(
      '/items/:id',
      { tags: ['Items', 'Second'], query: Type.Object({ full: Type.Optional(Type.Boolean()) }), summary: 'One <item>' },
      () => null,
    )
    route.post(
      '/items',
      {
        description: 'Adds.',
        deprecated: true,
        body: Type.Object({ name: Type.String() }, { $id: 'Item' }),
        response: { 201: Type.Object({}) },
      },
      () => ({}),
    )
  },
})
const appWith = (options: Partial<OpenApiOptions> = {}, mode: Mode = 'test'): ReturnType<typeof createApp> =>
  createApp({ mode, logger: false, signals: false, plugins: [openapi({ title: 'A & B', version: '1', ...options }), api] })

describe('the page', () => {
  it('loads only its own style and script, under a policy that allows no more', async () => {
    await using app = await appWith()
    const page = await app.inject('/docs')
    expect(page.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'x-content-type-options': 'nosniff' })
    expect(page.headers['content-security-policy']).toContain("default-src 'none'")
    expect(page.body).not.toMatch(/https?:\/\/|<style|style=|\son\w+=|<script>/)
    const links = [...page.body.matchAll(/(?:href|src)="([^"#]+)"/g)].map(([, link]) => link)
    expect(links).toEqual(['docs/style.css', 'docs/script.js', 'openapi.json'])
    for (const link of links) expect((await app.inject(`/${link}`)).statusCode).toBe(200)
    expect((await app.inject('/docs/script.js')).headers['content-type']).toContain('text/javascript')
  })

  it('shows operations by tag, escaped', async () => {
    await using app = await appWith({ description: 'Everything.', tags: [{ name: 'Items', description: 'Things.' }, { name: 'Unused' }] })
    const { body } = await app.inject('/docs')
    expect(body).toContain('<title>A &amp; B</title>')
    expect(body).toContain('One &lt;item&gt;')
    expect([...body.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, title]) => title)).toEqual(['Items', 'Other', 'Schemas'])
    expect(body).toContain('<a href="#schema-Item">Item</a>')
    expect(body).toContain('<em>deprecated</em>')
  })

  it('shows which operations need whom', async () => {
    const guarded = routes({ name: 'guarded', setup: (route) => route.get('/g', { auth: true }, () => 1) })
    const guard = plugin({ name: 'guard', provides: { guard: RouteGuard }, setup: () => ({ guard: { guard: () => () => undefined } }) })
    await using app = await createApp({
      mode: 'test',
      plugins: [guarded, guard, openapi({ title: 'T', version: '1', security: () => [{}, { a: [], b: [] }] })],
    })
    expect((await app.inject('/docs')).body).toContain('<span class="lock">none or a + b</span>')
  })

  it('has a script that parses', async () => {
    await using app = await appWith()
    const { body } = await app.inject('/docs/script.js')
    expect(() => new Script(body)).not.toThrow()
  })
})

describe('serving', () => {
  it('takes other paths, or none', async () => {
    await using moved = await appWith({ path: '/api/v1/openapi.json', docs: '/help/api' })
    expect((await moved.inject('/api/v1/openapi.json')).json().info.title).toBe('A & B')
    expect((await moved.inject('/help/api')).body).toContain('href="../api/v1/openapi.json"')
    await using none = await appWith({ path: false })
    expect((await none.inject('/openapi.json')).statusCode).toBe(404)
    expect((await none.inject('/docs')).body).not.toContain('openapi.json')
    await using bare = await appWith({ docs: false })
    expect((await bare.inject('/docs')).statusCode).toBe(404)
  })

  it('is off in production unless asked for, and the service still answers', async () => {
    await using hidden = await appWith({}, 'production')
    expect([(await hidden.inject('/openapi.json')).statusCode, (await hidden.inject('/docs')).statusCode]).toEqual([404, 404])
    expect(Object.keys(hidden.services.get(OpenApi).document().paths)).toEqual(['/items/{id}', '/items'])
    await using shown = await appWith({ production: true }, 'production')
    expect((await shown.inject('/docs')).statusCode).toBe(200)
  })

  it('refuses what is not a path', async () => {
    await expect(appWith({ docs: 'docs' })).rejects.toMatchObject({ code: 'openapi/invalid-path' })
    await expect(appWith({ path: '/' })).rejects.toMatchObject({ code: 'openapi/invalid-path' })
  })

  it('sends the document with its media type', async () => {
    await using app = await appWith()
    const { headers } = await app.inject('/openapi.json')
    expect(headers['content-type']).toContain('application/vnd.oai.openapi+json')
  })
})

describe('schemaText', () => {
  const text = (schema: object | boolean): string => schemaText(schema as never).html

  it.each<[string, object | boolean, string]>([
    ['anything', true, 'any'],
    ['nothing', false, 'never'],
    ['a type with limits', { type: 'integer', minimum: 1, default: 5 }, 'integer (minimum 1, default 5)'],
    ['a type nobody gave', {}, 'any'],
    ['several types', { type: ['string', 'null'] }, 'string | null'],
    ['a constant', { const: 'a' }, '&quot;a&quot;'],
    ['an enumeration', { enum: ['a', 1] }, '&quot;a&quot; | 1'],
    ['a union', { anyOf: [{ type: 'string' }, { type: 'null' }] }, 'string | null'],
    ['an intersection', { allOf: [{ type: 'string' }, {}] }, 'string &amp; any'],
    ['a list', { type: 'array', items: { type: 'string' } }, 'string[]'],
    ['a tuple', { type: 'array', prefixItems: [{ type: 'string' }, { type: 'null' }] }, '[string, null]'],
    ['an empty object', { type: 'object' }, '{}'],
    ['a record', { type: 'object', patternProperties: { x: { type: 'string' } } }, '{\n  [name]: string\n}'],
    ['a map', { type: 'object', additionalProperties: { type: 'string' } }, '{\n  [name]: string\n}'],
    [
      'an object',
      { properties: { a: { type: 'string', description: 'First.' }, b: { type: 'null' } }, required: ['a'] },
      '{\n  a: string  — First.\n  b?: null\n}',
    ],
  ])('writes %s', (_name, schema, expected) => {
    expect(text(schema)).toBe(expected)
  })
})

it('escapes every value written into HTML', () => {
  expect(markup`<b title="${`"'`}">${'<script>'}${[markup`<i>`, 1]}${undefined}${false}</b>`.html).toBe(
    '<b title="&quot;&#39;">&lt;script&gt;<i>1</b>',
  )
})
