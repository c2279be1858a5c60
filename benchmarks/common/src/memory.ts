import { readFileSync } from 'node:fs'

/**
 * The most physical memory that this process ever had, in bytes. Read from /proc: on Linux `maxRSS` lives through fork and exec,
 * so that a small process reports the memory of the large one that started it.
 */
export function peakMemory(): number {
  return (highWaterMark() ?? process.resourceUsage().maxRSS) * 1_024
}

/** In kB; undefined where there is no /proc. */
function highWaterMark(): number | undefined {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
    return kilobytes === undefined ? undefined : Number(kilobytes)
  } catch {
    return undefined
  }
}
