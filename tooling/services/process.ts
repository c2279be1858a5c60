import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

/** A process and the moment it began: a pid alone may have become somebody else's. */
export interface ProcessId {
  pid: number
  startedAt: string
}

/** Undefined when there is no such process, or only its unreaped remains. */
export function identify(pid: number): ProcessId | undefined {
  const startedAt = process.platform === 'linux' ? startInProc(pid) : startInPs(pid)
  return startedAt ? { pid, startedAt } : undefined
}

export function isRunning({ pid, startedAt }: ProcessId): boolean {
  return identify(pid)?.startedAt === startedAt
}

/** Ends exactly this process: asks with the signal, insists with SIGKILL after the patience. Settles when it is gone. */
export async function end(target: ProcessId, signal: NodeJS.Signals, patienceMs = 10_000): Promise<void> {
  if (!isRunning(target)) return
  process.kill(target.pid, signal)
  if (await isGoneWithin(target, patienceMs)) return
  process.kill(target.pid, 'SIGKILL')
  if (!(await isGoneWithin(target, patienceMs))) throw new Error(`process ${target.pid} outlived SIGKILL`)
}

async function isGoneWithin(target: ProcessId, patienceMs: number): Promise<boolean> {
  const deadline = performance.now() + patienceMs
  while (isRunning(target)) {
    if (performance.now() > deadline) return false
    await delay(20)
  }
  return true
}

/** Field 22 of `stat`, in clock ticks since boot. The fields are counted after the name, which may hold spaces and brackets. */
function startInProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return state === 'Z' || state === 'X' ? undefined : rest[18]
  } catch {
    return undefined
  }
}

function startInPs(pid: number): string | undefined {
  try {
    return (
      execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } }).trim() ||
      undefined
    )
  } catch {
    return undefined
  }
}
