import { execFileSync } from 'node:child_process'
import { availableParallelism, cpus } from 'node:os'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Contender, type ContenderName, contenders } from './contenders/registry.ts'

export interface Machine {
  cpu: string
  cores: number
  os: string
  node: string
  date: string
  pinned: boolean
}

export interface Cores {
  contender?: number
  load?: number
}

export function describeMachine(cores: Cores): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    os: `${process.platform} ${process.arch}`,
    node: process.version,
    date: new Date().toISOString().slice(0, 10),
    pinned: cores.contender !== undefined,
  }
}

/** Contender on core 0, load on core 1; unpinned where taskset or a second core is missing. */
export function chooseCores(): Cores {
  if (availableParallelism() < 2 || !hasTaskset()) return {}
  return { contender: 0, load: 1 }
}

function hasTaskset(): boolean {
  try {
    execFileSync('taskset', ['-c', '0,1', 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** The versions of what the contenders run on, by package. */
export function versionsOf(names: readonly ContenderName[]): Readonly<Record<string, string>> {
  const packages = new Set(names.flatMap((name) => (contenders[name] as Contender).packages))
  return Object.fromEntries([...packages].toSorted().map((name) => [name, installedVersion(name)]))
}

/** Read from the folder: not every package exports its package.json. */
function installedVersion(name: string): string {
  const path = join(dirname(fileURLToPath(import.meta.url)), '..', 'node_modules', name, 'package.json')
  if (!existsSync(path)) return 'not installed'
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version
}
