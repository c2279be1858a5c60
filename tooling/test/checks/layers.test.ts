import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { checkLayers } from '../../checks/layers.ts'
import { lines, pkg, workspace, type Files } from './fixture.ts'

const document = { 'ARCHITECTURE.md': '# Architecture\n\n<!-- layers:start -->\n<!-- layers:end -->\n' }
const house = { '@covet/core': 'workspace:^' }

function findingsIn(files: Files): string[] {
  const root = workspace({ ...document, ...files })
  checkLayers(root, true)
  return lines(checkLayers(root))
}

describe('layers', () => {
  it('accepts a package that uses its own layer and those before it', () => {
    expect(
      findingsIn({
        ...pkg('foundation', 'core'),
        ...pkg('foundation', 'testing', { peerDependencies: house }),
        ...pkg('http', 'router', { peerDependencies: house }),
      }),
    ).toEqual([])
  })

  it.each(['dependencies', 'peerDependencies', 'optionalDependencies', 'devDependencies'])(
    'refuses an edge to a later layer in %s',
    (section) => {
      expect(
        findingsIn({ ...pkg('foundation', 'core', { [section]: { '@covet/router': 'workspace:^' } }), ...pkg('http', 'router') }),
      ).toEqual([
        `packages/foundation/core/package.json: ${section} names @covet/router of layer http; foundation may use native, foundation`,
      ])
    },
  )

  it('prints the path of a cycle, devDependencies included', () => {
    const [finding, ...rest] = findingsIn({
      ...pkg('foundation', 'core', { devDependencies: { '@covet/testing': 'workspace:^' } }),
      ...pkg('foundation', 'testing', { peerDependencies: house }),
    })
    expect(finding).toBe('packages/foundation/core/package.json: is in a cycle: @covet/core → @covet/testing → @covet/core')
    expect(rest).toEqual([])
  })

  it('refuses a folder that is no layer', () => {
    expect(findingsIn(pkg('utils', 'strings'))).toEqual([expect.stringContaining('packages/utils/strings: "utils" is no layer')])
  })

  it('finds a drawing that a new package made stale, and rewrites it with --write', () => {
    const root = workspace({ ...document, ...pkg('http', 'router') })
    expect(lines(checkLayers(root))).toEqual([expect.stringContaining('the part "layers" is out of date')])
    expect(lines(checkLayers(root, true))).toEqual([])
    expect(readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')).toContain('<i>router</i>')
    expect(lines(checkLayers(root))).toEqual([])
  })

  it('asks for the markers when the document has none', () => {
    expect(findingsIn({ 'ARCHITECTURE.md': '# Architecture\n' })).toEqual([expect.stringContaining('add the two markers')])
  })
})
