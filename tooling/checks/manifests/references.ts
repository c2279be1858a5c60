import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Finding } from '../report.ts'
import { publishedDependencies, readJson, writeJson, type Package } from '../workspace.ts'

interface Tsconfig {
  references?: { path: string }[]
}

/** Project references are the published workspace dependencies, and tsconfig.packages.json lists every package. */
export function checkReferences(root: string, packages: readonly Package[], write: boolean): Finding[] {
  const perPackage = packages.flatMap((pkg) =>
    compare(
      {
        root,
        file: join(pkg.path, 'tsconfig.json'),
        wanted: referencesOf(pkg, packages),
        fresh: { extends: '../../../tooling/tsconfig/library.json' },
      },
      write,
    ),
  )
  const all = packages.map(({ path }) => path)
  return [...perPackage, ...compare({ root, file: 'tsconfig.packages.json', wanted: all, fresh: { files: [] } }, write)]
}

function referencesOf(pkg: Package, packages: readonly Package[]): string[] {
  const names = publishedDependencies(pkg.manifest)
  return packages.filter(({ name }) => names.includes(name)).map((to) => relative(pkg.path, to.path))
}

interface Comparison {
  readonly root: string
  readonly file: string
  readonly wanted: readonly string[]
  readonly fresh: object
}

function compare({ root, file, wanted, fresh }: Comparison, write: boolean): Finding[] {
  const path = join(root, file)
  const config = existsSync(path) ? readJson<Tsconfig>(path) : undefined
  const found = config?.references?.map((reference) => reference.path) ?? []
  if (config && same(found, wanted)) return []
  if (!write) {
    const what = `references should be [${wanted.join(', ')}]; run \`pnpm manifests --write\``
    return [{ where: file, what }]
  }
  writeJson(path, { ...(config ?? fresh), references: wanted.map((reference) => ({ path: reference })) })
  return []
}

function same(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.toSorted().join() === right.toSorted().join()
}
