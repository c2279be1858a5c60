import { DeployFindings, plugin } from '@covet/core'
import { describe, expect, it } from '@jest/globals'
import Type from 'typebox'
import { router } from '../src/index.ts'
import { isPatternSafe } from '../src/redos.ts'
import { appOf, group, refusalOf } from './support.ts'

describe('HTTP-15: an expression that can backtrack without end', () => {
  it('HTTP-15: is refused in a path, naming the route and where it is', async () => {
    const { code, message } = await refusalOf(appOf([group('path', (route) => route.get('/x/:id(^(a+)+$)', () => 1))]))
    expect(code).toBe('router/redos')
    expect(message).toMatch(/\^\(a\+\)\+\$.*parameter 'id' of \/x\/.*redos\.test\.ts:\d+/)
  })

  it.each(['body', 'query', 'headers'] as const)('HTTP-15: is refused in the schema of the %s', async (part) => {
    const schema = Type.Object({ 'x-a': Type.Array(Type.String({ pattern: '^(a+)+$' })) })
    const { code, message } = await refusalOf(appOf([group('schema', (route) => route.post('/x', { [part]: schema }, () => 1))]))
    expect(code).toBe('router/redos')
    expect(message).toContain('/properties/x-a/items/pattern of /x')
  })

  it('HTTP-15: is refused in the keys of patternProperties, in plain routes and in shared schemas', async () => {
    const record = { type: 'object', patternProperties: { '^(a+)+$': { type: 'string' } } }
    const plain = plugin({ name: 'plain', setup: (app) => void app.post('/x', { schema: { body: record } }, async () => 1) })
    expect((await refusalOf(appOf([router(), plain]))).code).toBe('router/redos')
    const shared = plugin({
      name: 'shared',
      setup: (app) => app.addSchema({ $id: 'Evil', type: 'string', pattern: '^(a+)+$' }) && undefined,
    })
    expect((await refusalOf(appOf([router(), shared]))).message).toContain("of the schema 'Evil'")
  })

  it('starts when the application vouches for it', async () => {
    const vouched = group('vouched', (route) =>
      route.post('/x', { body: Type.Object({ a: Type.String({ pattern: '^(a|aa)+$', maxLength: 9 }) }) }, () => 1),
    )
    expect((await refusalOf(appOf([vouched]))).code).toBe('router/redos')
    expect((await refusalOf(appOf([router({ dangerouslyAllowPatterns: ['^(a|aa)+$'] }), vouched]))).code).toBe('started')
  })

  it('reports what the application vouches for to deployment checks', async () => {
    await using app = await appOf([router({ dangerouslyAllowPatterns: ['x'], dangerouslyOpenBodies: true })])
    const findings = app.services.all(DeployFindings).flatMap((check) => check(app))
    expect(findings.map(({ id }) => id)).toEqual(['router/open-bodies', 'router/unchecked-patterns'])
    expect(findings[1]?.message).toContain('/x/')
  })

  it('does not take data for schemas', async () => {
    const data = Type.Object({ a: Type.Unsafe<object>({ type: 'object', default: { pattern: '^(a+)+$' }, additionalProperties: true }) })
    expect((await refusalOf(appOf([group('data', (route) => route.post('/x', { body: data }, () => 1))]))).code).toBe('started')
  })

  it('HTTP-15: 50 KB to every route with an expression that passed blocks the loop for a moment at most', async () => {
    await using app = await appOf([
      group('patterns', (route) => {
        route.get('/slugs/:slug(^[a-z0-9]+$)', () => 1)
        route.post('/bodies', { body: Type.Object({ slug: Type.String({ pattern: '^[a-z0-9]+(?:-[a-z0-9]+)*$' }) }) }, () => 1)
        route.post(
          '/mails',
          { body: Type.Object({ mail: Type.String({ pattern: '^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$', maxLength: 254 }) }) },
          () => 1,
        )
      }),
    ])
    const hostile = `${'a'.repeat(51_200)}!`
    const started = performance.now()
    expect((await app.inject(`/slugs/${hostile}`)).statusCode).toBe(414)
    expect((await app.inject({ method: 'POST', url: '/bodies', payload: { slug: hostile } })).statusCode).toBe(400)
    expect((await app.inject({ method: 'POST', url: '/mails', payload: { mail: `${'@.'.repeat(25_600)}` } })).statusCode).toBe(400)
    expect(performance.now() - started).toBeLessThan(2_000)
  })
})

describe('isPatternSafe', () => {
  it.each([
    '^[a-z0-9]+(?:-[a-z0-9]+)*$',
    '^\\d{4}-\\d{2}-\\d{2}$',
    '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
    '\\S',
    '^.*$',
    '^[\\p{L}\\p{N} ]+$',
    '^[\\w-]{1,40}\\.[\\w-]{1,40}$',
    '^\\-[a-z]+$',
  ])('passes %s for text of any length', (source) => {
    expect(isPatternSafe(source, Infinity)).toBe(true)
  })

  it.each(['^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$', '\\s+$', '.*\\S.*'])('passes %s, of polynomial cost, for short text only', (source) => {
    expect([isPatternSafe(source, 256), isPatternSafe(source, 257), isPatternSafe(source, Infinity)]).toEqual([true, false, false])
  })

  it.each(['^(a+)+$', '^(a|a)+$', '^(a|aa)+$', '(.*)*x', '^(\\d+)*$', '(x+x+)+y'])('never passes %s', (source) => {
    expect(isPatternSafe(source, 10)).toBe(false)
  })
})
