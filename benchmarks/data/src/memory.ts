import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

let collect: (() => void) | undefined

/** Bytes that are still held: everything else is collected first. */
export function heldBytes(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

export function collectGarbage(): void {
  if (!collect) {
    setFlagsFromString('--expose-gc')
    collect = runInNewContext('gc') as () => void
  }
  collect()
}

/** The most physical memory that this process ever had, in bytes. */
export function peakMemory(): number {
  return process.resourceUsage().maxRSS * 1_024
}
