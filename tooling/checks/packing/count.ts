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

export interface Snapshot {
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

export interface Lockfile {
  importers: { '.': { dependencies: Record<string, { version: string }> } }
  snapshots: Record<string, Snapshot>
}

/** Counts in pnpm's record of what it put into `node_modules`. */
export function countInstalled(folder: string, name: string): InstalledCount {
  const lockfile = parse(readText(join(folder, 'node_modules/.pnpm/lock.yaml'))) as Lockfile
  const { skipped = [] } = parse(readText(join(folder, 'node_modules/.modules.yaml'))) as { skipped?: string[] }
  return countIn(lockfile, name, skipped)
}

/** `skipped` names the optional packages of other platforms, which the lockfile lists and the disk lacks. */
export function countIn(lockfile: Lockfile, name: string, skipped: readonly string[] = []): InstalledCount {
  const { dependencies } = lockfile.importers['.']
  const entry = keyOf(name, dependencies[name]?.version ?? '')
  const fastify = dependencies['fastify']
  const roots = fastify ? [entry, keyOf('fastify', fastify.version)] : [entry]
  return {
    alone: closure(lockfile, [entry], (key) => skipped.includes(key) || key.startsWith('fastify@')).size,
    withFastify: closure(lockfile, roots, (key) => skipped.includes(key)).size,
  }
}

function closure({ snapshots }: Lockfile, roots: readonly string[], skip: (key: string) => boolean): Set<string> {
  const seen = new Set<string>()
  const queue = [...roots]
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    const snapshot = snapshots[key]
    if (seen.has(key) || skip(key) || snapshot === undefined) continue
    seen.add(key)
    for (const [name, version] of Object.entries({ ...snapshot.dependencies, ...snapshot.optionalDependencies }))
      queue.push(keyOf(name, version))
  }
  // One package resolved against different peers is one package on disk as far as a reader is concerned.
  return new Set([...seen].map((key) => key.replace(/\(.*$/, '')))
}

/** A version is `1.2.3`, `1.2.3(peer@1)`, `file:…`, or for an alias the whole key. */
function keyOf(name: string, version: string): string {
  return /^(@[^/]+\/)?[^/@:()]+@/.test(version) ? version : `${name}@${version}`
}
