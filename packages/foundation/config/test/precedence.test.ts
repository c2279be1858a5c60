import { describe, expect, it } from '@jest/globals'
import { explainConfig, loadConfig } from '@covet/config'
import Type from 'typebox'
import { folderWith } from './support/folder.ts'

const schema = Type.Object({ a: Type.String({ default: 'schema' }), b: Type.Optional(Type.String()) })

describe('precedence', () => {
  it('takes each setting from the strongest source that has it', async () => {
    const sources: [Record<string, string>, string][] = [
      [{}, 'schema'],
      [{ 'one.json': '{"a":"one"}' }, 'one'],
      [{ 'two.ts': 'export default { a: "two" as string }' }, 'two'],
      [{ '.env': 'A=dotenv' }, 'dotenv'],
      [{ '.env.local': 'A=local' }, 'local'],
      [{ '.env.development': 'A=mode' }, 'mode'],
    ]
    const files: Record<string, string> = {}
    for (const [added, expected] of sources) {
      Object.assign(files, added)
      await using folder = await folderWith(files)
      const listed = ['one.json', 'two.ts'].map((path) => ({ path, optional: true }))
      expect(await loadConfig({ schema, files: listed, root: folder.path, env: {} })).toEqual({ a: expected })
    }
    await using folder = await folderWith(files)
    expect(await loadConfig({ schema, root: folder.path, env: { A: 'process' } })).toEqual({ a: 'process' })
  })

  it('merges objects key by key and replaces lists and records whole', async () => {
    const nested = Type.Object({
      database: Type.Object({ file: Type.String(), pool: Type.Object({ max: Type.Integer(), min: Type.Integer({ default: 1 }) }) }),
      origins: Type.Array(Type.String()),
      labels: Type.Record(Type.String(), Type.String()),
    })
    await using folder = await folderWith({
      'a.json': '{"database":{"file":"a.db","pool":{"max":5}},"origins":["a","b"],"labels":{"x":"1","y":"2"}}',
      'b.json': '{"database":{"pool":{"max":9}},"origins":["c"],"labels":{"z":"3"}}',
    })
    expect(await loadConfig({ schema: nested, files: ['a.json', 'b.json'], root: folder.path, env: { DATABASE_FILE: 'env.db' } })).toEqual({
      database: { file: 'env.db', pool: { max: 9, min: 1 } },
      origins: ['c'],
      labels: { z: '3' },
    })
  })

  it('reads no .env.local in test mode, so that tests do not depend on the machine', async () => {
    await using folder = await folderWith({ '.env': 'A=dotenv', '.env.local': 'A=local', '.env.test': 'B=test', '.env.production': 'B=no' })
    expect(await loadConfig({ schema, root: folder.path, env: { NODE_ENV: 'test' } })).toEqual({ a: 'dotenv', b: 'test' })
  })

  it('reads .env.production when NODE_ENV names production or a mode nobody knows', async () => {
    await using folder = await folderWith({ '.env.production': 'A=production' })
    for (const NODE_ENV of ['production', 'staging']) {
      expect(await loadConfig({ schema, root: folder.path, env: { NODE_ENV } })).toEqual({ a: 'production' })
    }
  })

  it('reads no .env file when told not to, and the process environment unless given another', async () => {
    await using folder = await folderWith({ '.env': 'A=dotenv' })
    const path = Type.Object({ PATH: Type.String() })
    expect(await loadConfig({ schema, root: folder.path, dotenv: false, env: {} })).toEqual({ a: 'schema' })
    expect(await loadConfig({ schema: path, root: folder.path })).toEqual({ PATH: process.env['PATH'] })
  })

  it('explains where each setting came from, with secrets hidden', async () => {
    await using folder = await folderWith({ '.env': '# first\nB=2', 'a.json': '{"a":"1"}' })
    const settings = await loadConfig({ schema, files: ['a.json'], root: folder.path, env: {} })
    expect(explainConfig(settings)).toEqual([
      { path: 'a', source: 'a.json', value: '"1"' },
      { path: 'b', source: 'B in .env:2', value: '"2"' },
    ])
    expect(explainConfig({})).toEqual([])
  })
})
