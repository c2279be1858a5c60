import { describe, expect, it } from '@jest/globals'
import { checkNames } from '../../checks/names.ts'
import { lines, pkg, workspace, writeFiles } from './fixture.ts'

const source = `export { open } from './door.ts'
export type { Door } from './door.ts'
export * as errors from './errors.ts'
`
const files = {
  ...pkg('http', 'box', {}, source),
  'packages/http/box/src/door.ts': 'export interface Door { open: boolean }\nexport const open = (door: Door): boolean => door.open\n',
  'packages/http/box/src/errors.ts': 'export class StuckError extends Error {}\nexport type Reason = string\n',
}
const snapshot = { '.': { values: ['errors.StuckError', 'open'], types: ['Door', 'errors.Reason'] } }

describe('public names', () => {
  it('accepts a package whose snapshot is what it exports', async () => {
    const root = workspace({ ...files, 'packages/http/box/exports.snapshot.json': snapshot })
    expect(await checkNames(root)).toEqual({ findings: [], notes: ['4 public names in 1 packages'] })
  })

  it('names what came and what went, values and types', async () => {
    const root = workspace({ ...files, 'packages/http/box/exports.snapshot.json': { '.': { values: ['close', 'open'], types: ['Door'] } } })
    expect(lines(await checkNames(root))).toEqual([
      'packages/http/box/exports.snapshot.json: public names changed: + errors.StuckError, + type errors.Reason, - close; if on purpose, run `pnpm names --write` and add a changeset',
    ])
  })

  it('writes the snapshot when asked', async () => {
    const root = workspace(files)
    expect(lines(await checkNames(root))).toHaveLength(1)
    expect(lines(await checkNames(root, true))).toEqual([])
    expect(lines(await checkNames(root))).toEqual([])
  })

  it('opens a pattern to every file it matches', async () => {
    const exports = { '.': './src/index.ts', './stores/*': './src/stores/*.ts', './package.json': './package.json' }
    const root = workspace({
      ...pkg('http', 'box', { exports }),
      'packages/http/box/src/stores/memory.ts': 'export const memoryStore = (): number => 1\n',
    })
    expect(lines(await checkNames(root))).toEqual([expect.stringContaining('+ answer, + ./stores/memory#memoryStore')])
  })

  it('reports a package that cannot be imported', async () => {
    const root = workspace(files)
    writeFiles(root, { 'packages/http/box/src/door.ts': `throw new Error('stuck')\n` })
    expect(lines(await checkNames(root))).toEqual([expect.stringContaining('packages/http/box: cannot be imported: ')])
  })
})
