import { execFileSync } from 'node:child_process'
import { availableParallelism, cpus, loadavg } from 'node:os'

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
  /** Servers that the run starts (a load over HTTP) run there. */
  other?: number
}

export function describeMachine(cores: Cores): Machine {
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

/** Contenders on core 0; unpinned where taskset or a second core is missing. */
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
