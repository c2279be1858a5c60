import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'
import type { Finding } from './report.ts'
import type { Package } from './workspace.ts'

/** One door of a package: the subpath an importer writes and the source behind it. */
export interface Subpath {
  readonly subpath: string
  /** Relative to the package folder. */
  readonly source: string
}

/** Every code export, patterns such as `./stores/*` opened to the files they match. */
export function subpathsOf(pkg: Package): Subpath[] {
  return Object.entries(pkg.manifest.exports ?? {})
    .filter(([, target]) => target.endsWith('.ts'))
    .flatMap(([subpath, target]) => expand(pkg, subpath, target))
}

function expand(pkg: Package, subpath: string, target: string): Subpath[] {
  if (!subpath.includes('*')) return [{ subpath, source: target }]
  const [before = '', after = ''] = target.split('*')
  return globSync(target, { cwd: pkg.directory })
    .toSorted()
    .map((file) => `./${file}`)
    .map((source) => ({ subpath: subpath.replace('*', source.slice(before.length, source.length - after.length)), source }))
}

const published = (source: string): string => source.replace('./src/', './dist/').replace(/\.ts$/, '.js')

/** exports ↔ publishConfig.exports ↔ the files that exist. */
export function checkExports(pkg: Package): Finding[] {
  const where = `${pkg.path}/package.json`
  const exported = pkg.manifest.exports ?? {}
  const packed = pkg.manifest.publishConfig?.exports ?? {}
  const findings: string[] = []
  if (exported['./package.json'] !== './package.json') findings.push('exports must offer "./package.json"')
  if (exported['.'] === undefined) findings.push('exports has no "."')
  for (const [subpath, target] of Object.entries(exported)) {
    if (packed[subpath] !== published(target)) findings.push(`publishConfig.exports["${subpath}"] should be "${published(target)}"`)
    if (target !== './package.json' && !/^\.\/src\/.+\.ts$/.test(target))
      findings.push(`exports["${subpath}"] must point at a .ts file of ./src`)
    if (!fileExists(pkg, target)) findings.push(`exports["${subpath}"] points at ${target}, which does not exist`)
  }
  for (const subpath of Object.keys(packed)) {
    if (exported[subpath] === undefined) findings.push(`publishConfig.exports["${subpath}"] has no twin in exports`)
  }
  if (existsSync(join(pkg.directory, 'src/testing.ts')) && exported['./testing'] === undefined) {
    findings.push('src/testing.ts is the contract test; export it as "./testing"')
  }
  return findings.map((what) => ({ where, what }))
}

function fileExists(pkg: Package, target: string): boolean {
  return target.includes('*') ? globSync(target, { cwd: pkg.directory }).length > 0 : existsSync(join(pkg.directory, target))
}
