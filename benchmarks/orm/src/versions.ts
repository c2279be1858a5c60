import { globSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { installedVersion } from '@covet-benchmarks/common/machine'
import { type Contender, type ContenderName, contenders } from './contenders/registry.ts'

const root = new URL('../', import.meta.url)

/** The versions of what the contenders run on, by package. */
export function versionsOf(names: readonly ContenderName[]): Readonly<Record<string, string>> {
  const packages = new Set(names.flatMap((name) => (contenders[name] as Contender).packages))
  return Object.fromEntries([...packages].toSorted().map((name) => [name, versionOf(name)]))
}

function versionOf(name: string): string {
  return installedVersion(name, root, new URL('peers/', root)) ?? pythonVersion(name) ?? 'not installed'
}

function pythonVersion(name: string): string | undefined {
  const [folder] = globSync(`peers/.venv/lib/python*/site-packages/${name.toLowerCase()}-*.dist-info`, { cwd: fileURLToPath(root) })
  return folder?.replace(/^.*-([^-]+)\.dist-info$/, '$1')
}
