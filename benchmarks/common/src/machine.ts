import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'

export interface Machine {
  cpu: string
  cores: number
  os: string
  node: string
  date: string
  /** Of the last minute, before the run. */
  load: number
  pinned: boolean
}

export interface Cores {
  contender?: number
  /** What makes the load, and servers that the run starts, run there. */
  other?: number
}

export function describeMachine(cores: Cores = {}): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    os: `${process.platform} ${process.arch}`,
    node: process.version,
    date: new Date().toISOString().slice(0, 10),
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    pinned: cores.contender !== undefined,
  }
}

/** Contenders on core 0, the rest on core 1; unpinned where taskset or a second core is missing. */
export function chooseCores(): Cores {
  if (availableParallelism() < 2 || !hasTaskset()) return {}
  return { contender: 0, other: 1 }
}

function hasTaskset(): boolean {
  try {
    execFileSync('taskset', ['-c', '0,1', 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/**
 * The version of a package in the first of the folders whose `node_modules` has it; undefined when none has. Read from the
 * folder: not every package exports its package.json.
 */
export function installedVersion(name: string, ...folders: readonly URL[]): string | undefined {
  const manifest = folders.map((folder) => fileURLToPath(new URL(`node_modules/${name}/package.json`, folder))).find(existsSync)
  return manifest === undefined ? undefined : (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version
}
