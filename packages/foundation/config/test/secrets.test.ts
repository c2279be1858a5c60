import { inspect } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import { config, Config, explainConfig, loadConfig, secret } from '@covet/config'
import { Secret } from '@covet/core'
import Type from 'typebox'
import { folderWith } from './support/folder.ts'
import { failureOf, issuesOf } from './support/issues.ts'

const hidden = 'hunter2-hunter2'

describe('secret()', () => {
  it('gives a Secret that no printing or serialising shows', async () => {
    const schema = Type.Object({ jwt: Type.Object({ secret: secret({ minLength: 8 }) }) })
    const settings = await loadConfig({ schema, env: { JWT_SECRET: hidden }, dotenv: false })
    const revealed: string = settings.jwt.secret.reveal()
    expect(revealed).toBe(hidden)
    const shown = [
      JSON.stringify(settings),
      inspect(settings, { depth: 9, showHidden: true }),
      String(settings.jwt.secret),
      `${settings.jwt.secret}`,
    ]
    for (const text of [...shown, JSON.stringify(explainConfig(settings))]) expect(text).not.toContain('hunter2')
  })

  it('is wrapped wherever it is nested: lists, records, unions, intersections, open objects', async () => {
    const schema = Type.Intersect([
      Type.Object({
        keys: Type.Array(secret()),
        pair: Type.Tuple([Type.String(), secret()]),
        byTenant: Type.Record(Type.String(), secret()),
        either: Type.Union([Type.Null(), Type.String(), secret()]),
        none: Type.Union([Type.Null(), secret()]),
        users: Type.Array(Type.Object({ name: Type.String(), password: secret() })),
      }),
      Type.Object({ open: Type.Object({}, { additionalProperties: secret() }) }),
    ])
    await using folder = await folderWith({
      'a.json': JSON.stringify({
        keys: [hidden],
        pair: ['p', hidden],
        byTenant: { a: hidden },
        either: hidden,
        none: null,
        users: [{ name: 'ada', password: hidden }],
        open: { any: hidden },
      }),
    })
    const settings = await loadConfig({ schema, files: ['a.json'], root: folder.path, env: {} })
    expect(JSON.stringify(settings)).not.toContain('hunter2')
    expect(settings.keys[0]?.reveal()).toBe(hidden)
    expect(settings.pair[1].reveal()).toBe(hidden)
    expect(settings.users[0]?.password.reveal()).toBe(hidden)
    expect(settings.users[0]?.name).toBe('ada')
    expect(settings.none).toBeNull()
    expect(settings.either).toBeInstanceOf(Secret)
    expect((settings.open as Record<string, Secret>)['any']?.reveal()).toBe(hidden)
  })

  it('shows in no report, whatever is wrong with it', async () => {
    const schema = Type.Object({
      short: secret({ minLength: 99 }),
      shaped: secret({ pattern: '^[a-f]+$' }),
      list: Type.Array(secret({ minLength: 99 })),
      union: Type.Union([Type.Integer(), secret({ minLength: 99 })]),
      group: Type.Object({ inner: secret() }),
      number: secret(),
    })
    await using folder = await folderWith({ 'a.json': JSON.stringify({ group: hidden, number: 7_777_777 }), '.env': `LIST=${hidden}` })
    const error = await failureOf({ schema, files: ['a.json'], root: folder.path, env: { SHORT: hidden, SHAPED: hidden, UNION: hidden } })
    expect(error.issues.map(({ path }) => path)).toEqual(['short', 'shaped', 'list.0', 'union', 'group', 'number'])
    expect(inspect(error, { depth: 9 })).not.toMatch(/hunter2|7777777/)
  })

  it('hides the password of a URL in a plain string', async () => {
    const schema = Type.Object({ url: Type.String({ maxLength: 5 }), long: Type.String({ maxLength: 5 }) })
    const issues = await issuesOf({ schema, env: { URL: 'postgres://ada:hunter2@db/blog', LONG: 'x'.repeat(500) }, dotenv: false })
    expect(issues[0]?.message).toBe('must not have more than 5 characters, got "postgres://[hidden]@db/blog".')
    expect(issues[1]?.message.length).toBeLessThan(120)
  })

  it('is read from the file that NAME_FILE names', async () => {
    const schema = Type.Object({ jwtSecret: secret() })
    await using folder = await folderWith({ mounted: `${hidden}\n` })
    const settings = await loadConfig({ schema, env: { JWT_SECRET_FILE: `${folder.path}/mounted` }, dotenv: false })
    expect(settings.jwtSecret.reveal()).toBe(hidden)
    expect(await issuesOf({ schema, env: { JWT_SECRET_FILE: `${folder.path}/absent` }, dotenv: false })).toEqual([
      {
        fact: 'unreadable',
        path: 'jwtSecret',
        source: 'JWT_SECRET_FILE in the environment',
        message: 'names a file that cannot be read (ENOENT).',
      },
    ])
  })
})

describe('a development secret', () => {
  const schema = Type.Object({ jwtSecret: secret({ development: 'only-for-development' }) })

  it('is used in development and test where nothing else is set', async () => {
    for (const mode of ['development', 'test'] as const) {
      const settings = await loadConfig({ schema, env: {}, mode, dotenv: false })
      expect(settings.jwtSecret.reveal()).toBe('only-for-development')
    }
  })

  it('is refused in production: missing when nothing is set, wrong when it is set on purpose', async () => {
    const options = { schema, mode: 'production', dotenv: false } as const
    expect(await issuesOf({ ...options, env: {} })).toMatchObject([
      { fact: 'missing', message: expect.stringContaining('production refuses the development secret') },
    ])
    expect(await issuesOf({ ...options, env: { JWT_SECRET: 'only-for-development' } })).toMatchObject([
      { fact: 'invalid', path: 'jwtSecret' },
    ])
    expect((await loadConfig({ ...options, env: { JWT_SECRET: hidden } })).jwtSecret.reveal()).toBe(hidden)
  })
})

it('a settings plugin does not put secrets into the plugin facts', () => {
  expect(inspect(config({ key: new Secret(hidden) }).definition, { depth: 9 })).not.toContain('hunter2')
  expect(Config.name).toBe('config')
})
