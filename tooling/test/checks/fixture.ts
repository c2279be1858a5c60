import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, jest } from '@jest/globals'
import type { Finding, Outcome } from '../../checks/report.ts'
import { workspaceRoot, type Manifest } from '../../checks/workspace.ts'
import { manifestOf } from '../../new-package/manifest.ts'

export type Files = Readonly<Record<string, string | object>>

// The checks start compilers, linters and package managers, side by side with the rest of the tests.
jest.setTimeout(120_000)

const made: string[] = []

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** A small workspace in a temporary folder that the running test owns. */
export function workspace(files: Files): string {
  const root = mkdtempSync(join(tmpdir(), 'covet-checks-'))
  made.push(root)
  writeFiles(root, { ...house, ...files })
  return root
}

/** A workspace that `tsc -b` can build: with the presets and Node's types of the real one. */
export function buildableWorkspace(files: Files): string {
  const root = workspace(files)
  mkdirSync(join(root, 'node_modules'))
  symlinkSync(join(workspaceRoot, 'tooling/node_modules/@types'), join(root, 'node_modules/@types'))
  cpSync(join(workspaceRoot, 'tooling/tsconfig'), join(root, 'tooling/tsconfig'), { recursive: true })
  return root
}

export function writeFiles(root: string, files: Files): void {
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`)
  }
}

const rootManifest: Manifest = { name: 'fixture', version: '0.0.0', engines: { node: '>=24.17.0' } }

/** What every workspace has at its root, in order. */
const house: Files = {
  'package.json': rootManifest,
  'pnpm-workspace.yaml': [
    'packages: [packages/*/*]',
    'catalog: { fastify: 5.12.8 }',
    'minimumReleaseAge: 2880',
    'blockExoticSubdeps: true',
    'strictDepBuilds: true',
    'trustPolicy: no-downgrade',
  ].join('\n'),
  '.changeset/config.json': { access: 'public', fixed: [], linked: [] },
}

/** A package's manifest as `pnpm new-package` writes it, without dependencies, changed by `changes`. */
export function manifest(layer: string, name: string, changes: Partial<Manifest> = {}): Manifest {
  const made = manifestOf({ layer, name, description: `The ${name}`, root: rootManifest })
  return { ...made, peerDependencies: {}, devDependencies: {}, ...changes }
}

/** A package in order: one source, its tsconfig and its manifest. */
export function pkg(layer: string, name: string, changes: Partial<Manifest> = {}, source = 'export const answer: number = 42\n'): Files {
  const path = `packages/${layer}/${name}`
  return {
    [`${path}/package.json`]: manifest(layer, name, changes),
    [`${path}/tsconfig.json`]: { extends: '../../../tooling/tsconfig/library.json', references: [] },
    [`${path}/src/index.ts`]: source,
  }
}

export function packagesConfig(...paths: string[]): Files {
  return { 'tsconfig.packages.json': { files: [], references: paths.map((path) => ({ path })) } }
}

/** The findings as lines, for one comparison. */
export function lines(outcome: Outcome | readonly Finding[]): string[] {
  const findings = 'findings' in outcome ? outcome.findings : outcome
  return findings.map(({ where, what }) => `${where}: ${what}`)
}
