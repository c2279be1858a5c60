import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

export type Dependencies = Readonly<Record<string, string>>

export interface Manifest {
  name: string
  version: string
  description?: string
  keywords?: string[]
  license?: string
  repository?: { type: string; url: string; directory: string }
  files?: string[]
  type?: string
  private?: boolean
  sideEffects?: boolean
  engines?: { node?: string }
  exports?: Record<string, string>
  publishConfig?: { access?: string; provenance?: boolean; exports?: Record<string, string> }
  scripts?: Record<string, string>
  dependencies?: Dependencies
  peerDependencies?: Dependencies
  peerDependenciesMeta?: Readonly<Record<string, { optional?: boolean }>>
  optionalDependencies?: Dependencies
  devDependencies?: Dependencies
}

/** One published package of the workspace. */
export interface Package {
  readonly name: string
  readonly layer: string
  /** The folder's own name, which is the npm name without the scope. */
  readonly folder: string
  /** `packages/<layer>/<folder>`. */
  readonly path: string
  /** The folder on disk. */
  readonly directory: string
  readonly manifest: Manifest
}

export const dependencySections = ['dependencies', 'peerDependencies', 'optionalDependencies', 'devDependencies'] as const
export const publishedSections = ['dependencies', 'peerDependencies', 'optionalDependencies'] as const

/** The repository this file lives in. */
export const workspaceRoot: string = resolve(import.meta.dirname, '../..')

/** Every published package, found by the one glob of the house, in order of path. */
export function readPackages(root: string): Package[] {
  return globSync('packages/*/*/package.json', { cwd: root })
    .toSorted()
    .map((file) => {
      const directory = join(root, dirname(file))
      const manifest = readJson<Manifest>(join(root, file))
      return {
        name: manifest.name,
        layer: basename(dirname(directory)),
        folder: basename(directory),
        path: dirname(file),
        directory,
        manifest,
      }
    })
}

/** The names a package needs at run time or for its types: everything but devDependencies. */
export function publishedDependencies(manifest: Manifest): string[] {
  return [...new Set(publishedSections.flatMap((section) => Object.keys(manifest[section] ?? {})))].toSorted()
}

/** The ranges users get, as one comparable string. */
export function publishedRanges(manifest: Manifest): string {
  return publishedSections
    .flatMap((section) => Object.entries(manifest[section] ?? {}).map(([name, range]) => `${name}@${range}`))
    .toSorted()
    .join(' ')
}

export function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T
}

export function writeJson(file: string, value: unknown): void {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`)
}

export function readText(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

/** The package's own TypeScript sources, as absolute paths. */
export function sourcesOf(pkg: Package): string[] {
  return globSync('src/**/*.ts', { cwd: pkg.directory })
    .toSorted()
    .map((file) => join(pkg.directory, file))
}
