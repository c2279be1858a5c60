import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { checkManifests } from '../../checks/manifests.ts'
import type { Manifest } from '../../checks/workspace.ts'
import { lines, manifest, packagesConfig, pkg, workspace, type Files } from './fixture.ts'

const box = 'packages/http/box'
const core = 'packages/foundation/core'

function findingsIn(files: Files): string[] {
  return lines(checkManifests(workspace({ ...packagesConfig(box), ...files })))
}

/** The findings of a workspace with one package, its manifest changed. */
function findingsWith(changes: Partial<Manifest>, source?: string): string[] {
  return findingsIn(pkg('http', 'box', changes, source))
}

describe('manifests', () => {
  it('has nothing to say about a package in order', () => {
    expect(findingsWith({})).toEqual([])
  })

  it.each<[string, Partial<Manifest>, string]>([
    ['a name that is not the folder', { name: '@covet/crate' }, 'name must be "@covet/box", the folder\'s name'],
    ['no description', { description: '' }, 'has no description'],
    ['another license', { license: 'ISC' }, 'license must be "MIT"'],
    [
      'a wrong repository directory',
      { repository: { type: 'git', url: '', directory: 'packages/box' } },
      `repository.directory must be "${box}"`,
    ],
    ['other engines than the root', { engines: { node: '>=20' } }, 'engines.node must be ">=24.17.0", as at the root'],
    ['side effects', { sideEffects: true }, 'sideEffects must be false'],
    ['files without src', { files: ['dist'] }, 'files must be ["dist", "src", "!dist/.tsbuildinfo"]'],
    [
      'SUP-01: an install script',
      { scripts: { build: 'tsc -b', test: 'jest', postinstall: 'node x.js' } },
      'has the install script postinstall; a published package runs nothing on install (SUP-01)',
    ],
    [
      'SUP-05: a loose native dependency',
      { dependencies: { jose: '^6.2.17' } },
      'dependencies["jose"] is native or cryptographic; pin it exactly (SUP-05)',
    ],
    [
      'a pinned ordinary dependency',
      { dependencies: { eta: '4.6.0' } },
      'dependencies["eta"] is pinned; use ^4.6.0 so that users can deduplicate and patch',
    ],
    [
      'SUP-05: a range that admits a vulnerable version',
      { peerDependencies: { fastify: '^5.1.0' }, devDependencies: { fastify: 'catalog:' } },
      'peerDependencies["fastify"] admits versions below 5.12.8, which have known vulnerabilities (SUP-05)',
    ],
    [
      'a peer range that leaves the tested version out',
      { peerDependencies: { fastify: '^6.0.0' }, devDependencies: { fastify: 'catalog:' } },
      'peerDependencies["fastify"] does not admit 5.12.8, which the workspace tests',
    ],
    [
      'a catalog: peer',
      { peerDependencies: { fastify: 'catalog:' }, devDependencies: { fastify: 'catalog:' } },
      'peerDependencies["fastify"] must be a range: "catalog:" would publish the newest patch as the minimum',
    ],
    [
      'a peer nothing here tests',
      { peerDependencies: { fastify: '^5.12.8' } },
      'peer fastify is missing from devDependencies, so nothing here tests it',
    ],
    [
      'the kernel as a dependency',
      { dependencies: { '@covet/core': 'workspace:^' } },
      '@covet/core must be a peer dependency: an application has one kernel',
    ],
    ['a workspace package by version', { dependencies: { '@covet/db': '^0.1.0' } }, 'dependencies["@covet/db"] must be "workspace:^"'],
  ])('refuses %s', (_, changes, what) => {
    expect(findingsWith(changes)).toContain(`${box}/package.json: ${what}`)
  })

  it('asks for a dependency of what src imports, types, import() and declared modules included', () => {
    const source = `
      import type { Type } from 'type-only'
      export type { Other } from 're-exported'
      declare module 'augmented' {}
      export const load = (): Promise<unknown> => import('lazy/deep')
      export const where: string = import.meta.resolve('@scoped/asset/file.css')
      export type Inner = import('inner').Inner
      export type Outer = Type
    `
    expect(findingsWith({}, source)).toEqual(
      ['@scoped/asset', 'augmented', 'inner', 'lazy', 're-exported', 'type-only'].map(
        (name) => `${box}/src/index.ts: imports ${name}, which package.json does not declare`,
      ),
    )
  })

  it('refuses what only developers have, a built-in without node:, and itself by name', () => {
    const source = `import 'dev-tool'\nimport 'fs'\nimport '@covet/box'\n`
    expect(findingsWith({ devDependencies: { 'dev-tool': '^1.0.0' } }, source)).toEqual([
      `${box}/src/index.ts: imports its own package by name; use a relative path`,
      `${box}/src/index.ts: imports dev-tool, which is only a devDependency; users will not have it`,
      `${box}/src/index.ts: write the built-in "fs" as "node:fs"`,
    ])
  })

  it('asks for a devDependency of what tests import, and lets them import their own package', () => {
    const tests = {
      [`${box}/test/box.test.ts`]: `import { it } from '@jest/globals'\nimport '@covet/box'\nimport './support.ts'\nit('opens', () => {})\n`,
    }
    expect(findingsIn({ ...pkg('http', 'box'), ...tests })).toEqual([
      `${box}/test/box.test.ts: imports @jest/globals, which package.json does not declare, not even for tests`,
    ])
    expect(findingsIn({ ...pkg('http', 'box', { devDependencies: { '@jest/globals': 'catalog:' } }), ...tests })).toEqual([])
  })

  it('refuses a dependency that src never imports', () => {
    expect(findingsWith({ dependencies: { eta: '^4.6.0' } })).toEqual([
      `${box}/package.json: declares eta, which src never imports; remove it`,
    ])
  })

  it('compares exports with publishConfig.exports and the files', () => {
    const changes = { exports: { '.': './src/index.ts', './lost': './src/lost.ts', './package.json': './package.json' } }
    expect(findingsWith(changes)).toEqual([
      `${box}/package.json: publishConfig.exports["./lost"] should be "./dist/lost.js"`,
      `${box}/package.json: exports["./lost"] points at ./src/lost.ts, which does not exist`,
    ])
  })

  it('asks for ./testing when the package has a contract test', () => {
    expect(findingsIn({ ...pkg('http', 'box'), [`${box}/src/testing.ts`]: '' })).toEqual([
      `${box}/package.json: src/testing.ts is the contract test; export it as "./testing"`,
    ])
  })

  it('keeps the project references equal to the published dependencies, and writes them', () => {
    const files = {
      ...packagesConfig(),
      ...pkg('foundation', 'core'),
      ...pkg(
        'http',
        'box',
        { peerDependencies: { '@covet/core': 'workspace:^' }, devDependencies: { '@covet/core': 'workspace:^' } },
        `export { answer } from '@covet/core'\n`,
      ),
    }
    const root = workspace(files)
    expect(lines(checkManifests(root))).toEqual([
      `${box}/tsconfig.json: references should be [../../foundation/core]; run \`pnpm manifests --write\``,
      `tsconfig.packages.json: references should be [${core}, ${box}]; run \`pnpm manifests --write\``,
    ])
    checkManifests(root, true)
    expect(lines(checkManifests(root))).toEqual([])
    expect(JSON.parse(readFileSync(join(root, box, 'tsconfig.json'), 'utf8'))).toEqual({
      extends: '../../../tooling/tsconfig/library.json',
      references: [{ path: '../../foundation/core' }],
    })
  })

  describe('the plain-Fastify file of a plugin package', () => {
    const plugin = { [`${box}/src/plugin.ts`]: 'export const box: number = 1\n' }
    const smoke = `${box}/test/plain-fastify.ts`

    it('is asked for', () => {
      expect(findingsIn({ ...pkg('http', 'box'), ...plugin })).toEqual([expect.stringContaining(`${smoke}: is missing`)])
    })

    it('exports register and verify, and imports only what a user of the package has', () => {
      const source = `import { helper } from './support.ts'\nimport { tool } from 'dev-tool'\nexport const register = [helper, tool]\n`
      expect(findingsIn({ ...pkg('http', 'box', { devDependencies: { 'dev-tool': '^1.0.0' } }), ...plugin, [smoke]: source })).toEqual([
        `${smoke}: must export \`verify(app)\`, which throws unless the plugin works`,
        `${smoke}: imports ./support.ts; it is copied alone into an empty project`,
        `${smoke}: imports dev-tool, which is neither the package nor one of its dependencies`,
      ])
    })
  })

  it('asks for one way to start tests, in private folders too', () => {
    const app = { name: 'app', version: '0.0.0', scripts: { test: 'jest' } }
    const flags = '--experimental-vm-modules --no-sparkplug'
    expect(findingsIn({ ...pkg('http', 'box', { scripts: { build: 'tsc -b' } }), 'apps/shop/package.json': app })).toEqual([
      `apps/shop/package.json: scripts.test must be "node ${flags} ../../node_modules/jest/bin/jest.js --config ../../jest.config.js --rootDir ."`,
      `${box}/package.json: scripts.test must be "node ${flags} ../../../node_modules/jest/bin/jest.js --config ../../../jest.config.js --rootDir ."`,
    ])
  })

  it('SUP-04 and SUP-07: asks for the settings that keep a poisoned package out', () => {
    const findings = findingsIn({
      ...pkg('http', 'box'),
      'pnpm-workspace.yaml': 'minimumReleaseAge: 60\nonlyBuiltDependencies: [sharp]\ndangerouslyAllowAllBuilds: true\n',
      '.changeset/config.json': { access: 'restricted', fixed: [['a', 'b']] },
    })
    expect(findings).toHaveLength(8)
    expect(findings.filter((finding) => finding.includes('(SUP-04)'))).toHaveLength(6)
    expect(findings).toContain('.changeset/config.json: access must be "public" (SUP-07)')
  })

  it('reads every package under packages/*/*, without a list', () => {
    const broken = { ...manifest('work', 'jobs'), license: 'ISC' }
    const files = {
      ...pkg('http', 'box'),
      ...pkg('work', 'jobs'),
      'packages/work/jobs/package.json': broken,
      ...packagesConfig(box, 'packages/work/jobs'),
    }
    expect(findingsIn(files)).toEqual(['packages/work/jobs/package.json: license must be "MIT"'])
  })
})
