import { join } from 'node:path'
import { parse } from 'yaml'
import { readText } from '../workspace.ts'

/** How many packages an install of one package puts on disk, itself and its required peers included. */
export interface InstalledCount {
  /** Without Fastify and what only Fastify needs. */
  readonly alone: number
  /** With Fastify; the same number when the package does not use it. */
  readonly withFastify: number
}

interface Snapshot {
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

interface Lockfile {
  importers: { '.': { dependencies: Record<string, { version: string }> } }
  snapshots: Record<string, Snapshot>
}

/** Counts in `node_modules/.pnpm/lock.yaml`, which lists what is on disk: optional packages of other platforms are not. */
export function countInstalled(folder: string, name: string): InstalledCount {
  return countIn(parse(readText(join(folder, 'node_modules/.pnpm/lock.yaml'))) as Lockfile, name)
}

export function countIn(lockfile: Lockfile, name: string): InstalledCount {
  const { dependencies } = lockfile.importers['.']
  const entry = keyOf(name, dependencies[name]?.version ?? '')
  const alone = closure(lockfile, [entry], (key) => key.startsWith('fastify@'))
  const fastify = dependencies['fastify']
  const roots = fastify ? [entry, keyOf('fastify', fastify.version)] : [entry]
  return { alone: alone.size, withFastify: closure(lockfile, roots, () => false).size }
}

function closure({ snapshots }: Lockfile, roots: readonly string[], skip: (key: string) => boolean): Set<string> {
  const seen = new Set<string>()
  const queue = [...roots]
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    if (seen.has(key) || skip(key) || snapshots[key] === undefined) continue
    seen.add(key)
    const { dependencies, optionalDependencies } = snapshots[key]
    for (const [name, version] of Object.entries({ ...dependencies, ...optionalDependencies })) queue.push(keyOf(name, version))
  }
  // One package resolved against different peers is one package on disk as far as a reader is concerned.
  return new Set([...seen].map((key) => key.replace(/\(.*$/, '')))
}

/** A version is `1.2.3`, `1.2.3(peer@1)`, `file:…`, or for an alias the whole key. */
function keyOf(name: string, version: string): string {
  return /^(@[^/]+\/)?[^/@:()]+@/.test(version) ? version : `${name}@${version}`
}
