import { installedVersion } from '@covet-benchmarks/common/machine'
import { type Contender, type ContenderName, contenders } from './contenders/registry.ts'

/** The versions of what the contenders run on, by package. */
export function versionsOf(names: readonly ContenderName[]): Readonly<Record<string, string>> {
  const packages = new Set(names.flatMap((name) => (contenders[name] as Contender).packages))
  const root = new URL('../', import.meta.url)
  return Object.fromEntries([...packages].toSorted().map((name) => [name, installedVersion(name, root) ?? 'not installed']))
}
