import { describe, expect, it } from '@jest/globals'
import { loadConfig } from '@covet/config'
import Type from 'typebox'
import { folderWith } from './support/folder.ts'
import { issuesOf } from './support/issues.ts'

const schema = Type.Object({ port: Type.Integer({ default: 1 }), host: Type.Optional(Type.String()) })

describe('files', () => {
  it('calls a module that exports a function with the mode', async () => {
    await using folder = await folderWith({
      'config.mjs': 'export default async ({ mode }) => ({ port: mode === "production" ? 80 : 3000 })',
    })
    const options = { schema, files: ['config.mjs'], root: folder.path, env: {} }
    expect(await loadConfig({ ...options, mode: 'production' })).toEqual({ port: 80 })
    expect(await loadConfig(options)).toEqual({ port: 3000 })
  })

  it('skips an absent optional file and refuses an absent required one', async () => {
    await using folder = await folderWith()
    const options = { schema, root: folder.path, env: {} }
    expect(await loadConfig({ ...options, files: [{ path: 'local.json', optional: true }] })).toEqual({ port: 1 })
    expect(await issuesOf({ ...options, files: ['local.json'] })).toEqual([
      { fact: 'unreadable', path: '', source: 'local.json', message: expect.stringContaining('does not exist') },
    ])
  })

  it('says where a JSON file is broken without quoting it', async () => {
    await using folder = await folderWith({ 'a.json': '{\n  "port": 1,\n}', 'b.json': '{ "jwtSecret": hunter2 }' })
    const issues = await issuesOf({ schema, files: ['a.json', 'b.json'], root: folder.path, env: {} })
    expect(issues.map(({ source, message }) => `${source} ${message}`)).toEqual([
      'a.json cannot be read: it is not valid JSON (line 3 column 1).',
      'b.json cannot be read: it is not valid JSON.',
    ])
  })

  it('names a module that fails to load, that exports nothing and a file of another kind', async () => {
    await using folder = await folderWith({
      'throws.mjs': 'throw new Error("no region")',
      'nothing.mjs': 'export const port = 1',
      'config.yaml': 'port: 1',
    })
    const issues = await issuesOf({ schema, files: ['throws.mjs', 'nothing.mjs', 'config.yaml'], root: folder.path, env: {} })
    expect(issues.map(({ fact, source, message }) => [fact, source, message])).toEqual([
      ['unreadable', 'throws.mjs', 'cannot be read: no region'],
      ['unreadable', 'nothing.mjs', expect.stringContaining('must have a default export')],
      ['unreadable', 'config.yaml', 'must end in .json, .ts, .mts, .js, .mjs.'],
    ])
  })

  it('refuses a file that is no object, and an object setting that is none', async () => {
    const nested = Type.Object({ database: Type.Object({ file: Type.String() }) })
    await using folder = await folderWith({ 'list.json': '[1]', 'text.json': '{"database":"blog.db"}' })
    const options = { schema: nested, root: folder.path, env: {} }
    expect(await issuesOf({ ...options, files: ['list.json'] })).toMatchObject([
      { fact: 'invalid', path: '', source: 'list.json', message: 'must be an object, got a list of 1.' },
      { fact: 'missing', path: 'database.file' },
    ])
    expect(await issuesOf({ ...options, files: ['text.json'] })).toEqual([
      { fact: 'invalid', path: 'database', source: 'text.json', message: 'must be an object, got "blog.db".' },
    ])
  })

  it('refuses keys that are no settings, and says which one was meant', async () => {
    const nested = Type.Object({ database: Type.Object({ maxReaders: Type.Integer({ default: 4 }) }) })
    await using folder = await folderWith({ 'a.json': '{"database":{"max-readers":2,"flavour":1},"databse":{}}' })
    const issues = await issuesOf({ schema: nested, files: ['a.json'], root: folder.path, env: {} })
    expect(issues.map(({ fact, path, source, message }) => [fact, path, source, message])).toEqual([
      ['unknown', 'database.max-readers', 'a.json', 'is no setting. Did you mean database.maxReaders?'],
      ['unknown', 'database.flavour', 'a.json', 'is no setting. Remove it, or add it to the schema.'],
      ['unknown', 'databse', 'a.json', 'is no setting. Did you mean database?'],
    ])
  })

  it('keeps unknown keys where the schema has a place for them, and never touches a prototype', async () => {
    const open = Type.Object({ port: Type.Integer({ default: 1 }) }, { additionalProperties: Type.Integer() })
    await using folder = await folderWith({ 'a.json': '{"extra":2,"__proto__":3}', 'b.json': '{"extra":"x"}' })
    const options = { schema: open, root: folder.path, env: {} }
    const settings = await loadConfig({ ...options, files: ['a.json'] })
    expect(Object.entries(settings)).toEqual([
      ['port', 1],
      ['extra', 2],
      ['__proto__', 3],
    ])
    expect(Object.getPrototypeOf(settings)).toBe(Object.prototype)
    expect(await issuesOf({ ...options, files: ['b.json'] })).toMatchObject([{ path: 'extra', message: 'must be integer, got "x".' }])
  })

  it('does not convert what a file holds', async () => {
    await using folder = await folderWith({ 'a.json': '{"port":"80"}' })
    expect(await issuesOf({ schema, files: ['a.json'], root: folder.path, env: {} })).toEqual([
      { fact: 'invalid', path: 'port', source: 'a.json', message: 'must be integer, got "80".' },
    ])
  })
})
