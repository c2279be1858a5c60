import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { checkChangesets } from '../checks/changeset.ts'
import { checkLayers } from '../checks/layers.ts'
import { checkManifests } from '../checks/manifests.ts'
import { checkReadme } from '../checks/readmes/readme.ts'
import { tool } from '../checks/process.ts'
import { readPackages, workspaceRoot } from '../checks/workspace.ts'
import { refuse } from '../new-package/names.ts'
import { writePackage } from '../new-package/new-package.ts'
import { lines, packagesConfig, pkg, workspace } from './checks/fixture.ts'

/** A workspace with a kernel, as far as the checks of manifests and documents see it. */
function fixture(): string {
  return workspace({
    ...packagesConfig(),
    ...pkg('foundation', 'core'),
    'packages/foundation/core/CHANGELOG.md': '# @covet/core\n',
    'ARCHITECTURE.md': '<!-- layers:start -->\n<!-- layers:end -->\n',
  })
}

describe('pnpm new-package', () => {
  it('leaves the checks of layers, manifests, changesets and READMEs green', async () => {
    const root = fixture()
    writePackage(root, { layer: 'http', name: 'rate-limit' })
    checkManifests(root, true)
    checkLayers(root, true)
    const rateLimit = readPackages(root).filter(({ name }) => name === '@covet/rate-limit')
    expect(rateLimit).toHaveLength(1)
    expect(lines(checkManifests(root))).toEqual([])
    expect(lines(checkLayers(root))).toEqual([])
    expect(lines(await checkChangesets(root))).toEqual([])
    expect(lines(rateLimit.flatMap(checkReadme))).toEqual([])
  })

  it('writes every room of a plugin package', () => {
    const files = writePackage(fixture(), { layer: 'http', name: 'rate-limit', description: 'Limits by address' })
    expect(files.toSorted()).toEqual([
      '.changeset/add-rate-limit.md',
      'packages/http/rate-limit/README.md',
      'packages/http/rate-limit/package.json',
      'packages/http/rate-limit/src/errors.ts',
      'packages/http/rate-limit/src/index.ts',
      'packages/http/rate-limit/src/options.ts',
      'packages/http/rate-limit/src/plugin.ts',
      'packages/http/rate-limit/src/rate-limit.ts',
      'packages/http/rate-limit/src/token.ts',
      'packages/http/rate-limit/test/plain-fastify.ts',
      'packages/http/rate-limit/test/rate-limit.test.ts',
      'packages/http/rate-limit/tsconfig.json',
    ])
  })

  it('writes files the formatter leaves alone', () => {
    const root = fixture()
    writePackage(root, { layer: 'http', name: 'rate-limit' })
    copyFileSync(join(workspaceRoot, '.oxfmtrc.json'), join(root, '.oxfmtrc.json'))
    expect(() =>
      execFileSync(process.execPath, [tool('oxfmt/bin/oxfmt'), '--check', 'packages/http/rate-limit'], { cwd: root }),
    ).not.toThrow()
  })

  it('describes the package as told', () => {
    const root = fixture()
    writePackage(root, { layer: 'work', name: 'jobs', description: 'Runs work later' })
    expect(readFileSync(join(root, 'packages/work/jobs/README.md'), 'utf8')).toMatch(/^# @covet\/jobs\n\nRuns work later\.\n/)
  })

  it('refuses an unknown layer and writes nothing', () => {
    const root = fixture()
    expect(() => writePackage(root, { layer: 'utils', name: 'strings' })).toThrow('"utils" is no layer. Choose one of native, foundation')
    expect(existsSync(join(root, 'packages/utils'))).toBe(false)
  })

  it.each([
    ['RateLimit', 'is no package name'],
    ['rate_limit', 'is no package name'],
    ['../escape', 'is no package name'],
    ['-x', 'is no package name'],
    ['errors', 'is the name of a file every package has'],
    ['delete', 'is a reserved word'],
    ['core', 'packages/foundation/core exists already'],
  ])('refuses the name %s', (name, reason) => {
    expect(refuse(fixture(), 'http', name)).toContain(reason)
  })
})
