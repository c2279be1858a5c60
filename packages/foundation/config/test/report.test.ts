import { describe, expect, it } from '@jest/globals'
import { ConfigInvalidError, duration, loadConfig, secret, size } from '@covet/config'
import { CovetError } from '@covet/core'
import Type from 'typebox'
import { folderWith } from './support/folder.ts'
import { failureOf, issuesOf } from './support/issues.ts'

describe('the report', () => {
  it('says everything at once, each with its path, its source and what is expected', async () => {
    const schema = Type.Object({
      port: Type.Integer({ default: 3000 }),
      database: Type.Object({ file: Type.String() }),
      jwtSecret: secret({ minLength: 32 }),
    })
    await using folder = await folderWith({ '.env': 'PORT=abc\nJWT_SECRET=short\n', 'config.json': '{"databse":{}}' })
    const error = await failureOf({ schema, files: ['config.json'], root: folder.path, env: {} })
    expect(error).toBeInstanceOf(CovetError)
    expect(error).toBeInstanceOf(ConfigInvalidError)
    expect(error).toMatchObject({ code: 'config/invalid', exitCode: 78 })
    expect(error.message).toBe(
      [
        'The configuration has 4 errors:',
        '  port (PORT in .env:1): must be integer, got "abc".',
        '  database.file: is missing. Set DATABASE_FILE in the environment, or database.file in a file.',
        '  jwtSecret (JWT_SECRET in .env:2): must not have fewer than 32 characters.',
        '  databse (config.json): is no setting. Did you mean database?',
      ].join('\n'),
    )
  })

  it('leaves out none of many', async () => {
    const properties = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`setting${index}`, Type.Integer()]))
    const error = await failureOf({ schema: Type.Object(properties), env: {}, dotenv: false })
    expect(error.issues).toHaveLength(30)
  })

  it('checks a default like any other value', async () => {
    const schema = Type.Object({ port: Type.Integer({ default: 0, minimum: 1 }) })
    expect(await issuesOf({ schema, env: {}, dotenv: false })).toEqual([
      { fact: 'invalid', path: 'port', source: 'schema default', message: 'must be >= 1, got 0.' },
    ])
  })

  it('names a setting that only a file can give', async () => {
    const schema = Type.Object({ rules: Type.Array(Type.String(), { env: false }) })
    expect((await issuesOf({ schema, env: {}, dotenv: false }))[0]?.message).toBe('is missing. Set rules in a file.')
  })

  it('checks rules across settings once each of them is right', async () => {
    const range = Type.Refine(
      Type.Object({ min: Type.Integer(), max: Type.Integer(), key: secret() }),
      ({ min, max, key }) => min <= max && key.reveal() !== '',
      () => 'min must not exceed max',
    )
    const schema = Type.Object({ pool: range })
    const issues = await issuesOf({ schema, env: { POOL_MIN: '2', POOL_MAX: '1', POOL_KEY: 'k' }, dotenv: false })
    expect(issues).toEqual([{ fact: 'invalid', path: 'pool', message: 'min must not exceed max.' }])
    expect(await issuesOf({ schema, env: { POOL_MIN: '2', POOL_MAX: 'x', POOL_KEY: 'k' }, dotenv: false })).toMatchObject([
      { path: 'pool.max' },
    ])
  })

  it('describes a union of objects by the key that is missing inside a list', async () => {
    const schema = Type.Object({ stores: Type.Array(Type.Object({ url: Type.String() })) })
    await using folder = await folderWith({ 'a.json': '{"stores":[{}]}' })
    expect(await issuesOf({ schema, files: ['a.json'], root: folder.path, env: {} })).toMatchObject([
      { path: 'stores.0', message: 'must have url, got an object.' },
    ])
  })
})

describe('the result', () => {
  it('is typed and frozen, and takes defaults of objects and made by functions', async () => {
    const schema = Type.Object({
      pool: Type.Object({ max: Type.Integer(), tags: Type.Array(Type.String()) }, { default: { max: 3, tags: ['a'] } }),
      started: Type.Integer({ default: () => 7 }),
    })
    const settings = await loadConfig({ schema, env: { POOL_MAX: '4' }, dotenv: false })
    const max: number = settings.pool.max
    expect([max, settings.pool.tags, settings.started]).toEqual([4, ['a'], 7])
    expect(() => Object.assign(settings.pool, { max: 5 })).toThrow(TypeError)
    expect(Object.isFrozen(settings.pool.tags)).toBe(true)
    // @ts-expect-error -- settings are readonly
    expect(() => (settings.started = 1)).toThrow(TypeError)
    // @ts-expect-error -- no such setting
    expect(settings.stared).toBeUndefined()
  })

  it('keeps class instances from a configuration module as they are', async () => {
    const schema = Type.Object({ since: Type.Unsafe<Date>({}) })
    await using folder = await folderWith({ 'a.mjs': 'export default { since: new Date(0) }' })
    const settings = await loadConfig({ schema, files: ['a.mjs'], root: folder.path, env: {} })
    expect(Object.isFrozen(settings.since)).toBe(false)
    expect(settings.since.getTime()).toBe(0)
  })

  it('has durations and sizes as every option of Covet takes them', async () => {
    const schema = Type.Object({
      deadline: duration({ default: '25s' }),
      window: duration(),
      body: size({ default: '1MB' }),
      cache: size(),
    })
    const env = { WINDOW: '250', CACHE: '64KB' }
    expect(await loadConfig({ schema, env, dotenv: false })).toEqual({ deadline: '25s', window: 250, body: '1MB', cache: '64KB' })
    const issues = await issuesOf({ schema, env: { WINDOW: '5 minutes', CACHE: '-1' }, dotenv: false })
    expect(issues.map(({ message }) => message)).toEqual([
      'must be milliseconds or a duration such as "5s", got "5 minutes".',
      'must be bytes or a size such as "1MB", got "-1".',
    ])
  })
})
