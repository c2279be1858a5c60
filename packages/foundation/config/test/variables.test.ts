import { describe, expect, it } from '@jest/globals'
import { loadConfig, secret } from '@covet/config'
import Type, { type TSchema } from 'typebox'
import { folderWith } from './support/folder.ts'
import { issuesOf } from './support/issues.ts'

function load<S extends TSchema>(schema: S, env: Record<string, string>, prefix = ''): ReturnType<typeof loadConfig<S>> {
  return loadConfig({ schema, env, prefix, dotenv: false })
}

describe('variable names', () => {
  it('come from the path, words split where a capital starts one', async () => {
    const schema = Type.Object({
      jwtSecret: Type.String(),
      s3Bucket: Type.String(),
      HTTPPort: Type.String(),
      'log-level': Type.String(),
      database: Type.Object({ pool: Type.Object({ maxReaders: Type.String() }) }),
    })
    const env = { JWT_SECRET: '1', S3_BUCKET: '2', HTTP_PORT: '3', LOG_LEVEL: '4', DATABASE_POOL_MAX_READERS: '5' }
    expect(await load(schema, env)).toEqual({
      jwtSecret: '1',
      s3Bucket: '2',
      HTTPPort: '3',
      'log-level': '4',
      database: { pool: { maxReaders: '5' } },
    })
  })

  it('take a prefix, which a name given in the schema does not', async () => {
    const schema = Type.Object({
      port: Type.Integer(),
      url: Type.String({ env: 'DATABASE_URL' }),
      build: Type.Optional(Type.String({ env: false })),
    })
    expect(await load(schema, { BLOG_PORT: '1', DATABASE_URL: 'u', BLOG_BUILD: 'x' }, 'BLOG_')).toEqual({ port: 1, url: 'u' })
  })

  it('must each mean one setting', async () => {
    const schema = Type.Object({
      jwtSecret: Type.String(),
      jwt: Type.Object({ secret: Type.String() }),
      database: secret(),
      databaseFile: Type.String(),
    })
    await expect(load(schema, {})).rejects.toMatchObject({
      code: 'config/ambiguous-variable',
      exitCode: 78,
      message: expect.stringMatching(/JWT_SECRET means jwtSecret and jwt\.secret\n {2}DATABASE_FILE means database and databaseFile/),
    })
  })

  it('are refused for a schema that is no object of settings, or refers to another schema', async () => {
    await expect(load(Type.String(), {})).rejects.toMatchObject({ code: 'config/unsupported-schema' })
    const cyclic = Type.Object({ tree: Type.Cyclic({ Node: Type.Object({ next: Type.Optional(Type.Ref('Node')) }) }, 'Node') })
    await expect(load(cyclic, {})).rejects.toMatchObject({
      code: 'config/unsupported-schema',
      message: expect.stringContaining('tree uses $ref'),
    })
  })

  it('reach into an optional object, which is absent when nothing names it', async () => {
    const schema = Type.Object({ tls: Type.Optional(Type.Object({ key: Type.String(), port: Type.Integer({ default: 443 }) })) })
    expect(await load(schema, {})).toEqual({})
    expect(await load(schema, { TLS_KEY: 'k' })).toEqual({ tls: { key: 'k', port: 443 } })
    expect(await issuesOf({ schema, env: { TLS_PORT: '1' }, dotenv: false })).toMatchObject([{ fact: 'missing', path: 'tls.key' }])
  })
})

describe('text from variables', () => {
  it('becomes what the schema says', async () => {
    const schema = Type.Object({
      integer: Type.Integer(),
      number: Type.Number(),
      yes: Type.Boolean(),
      no: Type.Boolean(),
      list: Type.Array(Type.Integer()),
      json: Type.Array(Type.String()),
      pair: Type.Tuple([Type.String(), Type.Integer()]),
      record: Type.Record(Type.String(), Type.Integer()),
      choice: Type.Union([Type.Literal('a'), Type.Literal(1)]),
      literal: Type.Literal(true),
      level: Type.Enum([10, 20]),
      maybe: Type.Union([Type.Null(), Type.Integer()]),
      listed: Type.Unsafe<number | null>({ type: ['integer', 'null'] }),
      text: Type.String(),
    })
    const env = {
      INTEGER: '-3',
      NUMBER: '1.5e3',
      YES: 'TRUE',
      NO: '0',
      LIST: '1, 2,3',
      JSON: '["a,b","c"]',
      PAIR: 'a,7',
      RECORD: '{"x":1}',
      CHOICE: '1',
      LITERAL: 'true',
      LEVEL: '20',
      MAYBE: 'null',
      LISTED: '5',
      TEXT: '42',
    }
    expect(await load(schema, env)).toEqual({
      integer: -3,
      number: 1500,
      yes: true,
      no: false,
      list: [1, 2, 3],
      json: ['a,b', 'c'],
      pair: ['a', 7],
      record: { x: 1 },
      choice: 1,
      literal: true,
      level: 20,
      maybe: null,
      listed: 5,
      text: '42',
    })
  })

  it('is refused when it is not, with the variable and the text', async () => {
    const schema = Type.Object({
      integer: Type.Integer(),
      port: Type.Integer({ minimum: 1, maximum: 65_535 }),
      flag: Type.Boolean(),
      list: Type.Array(Type.Integer()),
      record: Type.Record(Type.String(), Type.Integer()),
      choice: Type.Union([Type.Literal('a'), Type.Literal('b')]),
      level: Type.Enum(['low', 'high']),
      mixed: Type.Union([Type.Integer(), Type.Boolean()]),
      one: Type.Literal('only'),
    })
    const env = { INTEGER: '0x10', PORT: '70000', FLAG: 'yes', LIST: '1,x', RECORD: '{', CHOICE: 'c', LEVEL: 'mid', MIXED: 'm', ONE: 'two' }
    const issues = await issuesOf({ schema, env, dotenv: false })
    expect(issues.map(({ path, source, message }) => `${path} (${source}) ${message}`)).toEqual([
      'integer (INTEGER in the environment) must be integer, got "0x10".',
      'port (PORT in the environment) must be <= 65535, got 70000.',
      'flag (FLAG in the environment) must be boolean, got "yes".',
      'list.1 (LIST in the environment) must be integer, got "x".',
      'record (RECORD in the environment) must be object, got "{".',
      'choice (CHOICE in the environment) must be one of "a", "b", got "c".',
      'level (LEVEL in the environment) must be one of "low", "high", got "mid".',
      'mixed (MIXED in the environment) must be integer or boolean, got "m".',
      'one (ONE in the environment) must be "only", got "two".',
    ])
  })

  it('means "not set" when empty, except for plain text', async () => {
    const schema = Type.Object({
      port: Type.Integer({ default: 3000 }),
      host: Type.String({ default: 'localhost' }),
      key: Type.Optional(secret()),
    })
    expect(await load(schema, { PORT: '', HOST: '', KEY: '' })).toEqual({ port: 3000, host: '' })
  })
})

describe('.env files', () => {
  it('give the line of a wrong value, the last one when a name is set twice', async () => {
    await using folder = await folderWith({ '.env': '# web\nexport PORT=1\n\nPORT = abc\n' })
    const schema = Type.Object({ port: Type.Integer() })
    expect(await issuesOf({ schema, root: folder.path, env: {} })).toMatchObject([{ path: 'port', source: 'PORT in .env:4' }])
  })

  it('are told of a misspelt variable, and left alone with variables of others', async () => {
    await using folder = await folderWith({ '.env': 'DATABSAE_FILE=x\nNPM_CONFIG_LOGLEVEL=warn\nREDIS_PORT=1\n' })
    const schema = Type.Object({ database: Type.Object({ file: Type.Optional(Type.String()) }), redisHost: Type.Optional(Type.String()) })
    expect(await issuesOf({ schema, root: folder.path, env: {} })).toEqual([
      { fact: 'unknown', path: 'DATABSAE_FILE', source: '.env:1', message: 'is no setting. Did you mean DATABASE_FILE?' },
    ])
    expect(await loadConfig({ schema, root: folder.path, env: { DATABASE_FILE: 'y' } })).toEqual({ database: { file: 'y' } })
  })

  it('cannot choose the mode, which chooses them', async () => {
    await using folder = await folderWith({ '.env': 'NODE_ENV=production' })
    const schema = Type.Object({})
    expect(await issuesOf({ schema, root: folder.path, env: {} })).toMatchObject([{ path: 'NODE_ENV', source: '.env' }])
    expect(await loadConfig({ schema, root: folder.path, env: { NODE_ENV: 'production' } })).toEqual({})
  })

  it('are reported when they cannot be read', async () => {
    await using folder = await folderWith({ '.env/file': '' })
    expect(await issuesOf({ schema: Type.Object({}), root: folder.path, env: {} })).toEqual([
      { fact: 'unreadable', path: '', source: '.env', message: 'cannot be read (EISDIR).' },
    ])
  })
})
