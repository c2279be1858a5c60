import { setTimeout as pause } from 'node:timers/promises'
import { collectGarbage } from '@covet-workspace/tooling/heap'

export interface MemorySample {
  /** Since the first one could have been taken. */
  readonly seconds: number
  /** That are reachable, buffers among them. */
  readonly megabytes: number
}

export interface Growth {
  /** From the first third to the last. */
  readonly megabytes: number
  /** Megabytes a minute: half of all pairs of samples grow by less, so that one full moment does not count. */
  readonly perMinute: number
}

/** Samples taken while others work: what a database frees when it is closed may have leaked until then. */
export async function sampleMemory(everyMs: number, until: AbortSignal): Promise<readonly MemorySample[]> {
  const began = performance.now()
  const samples: MemorySample[] = []
  for (;;) {
    await pause(everyMs, undefined, { signal: until }).catch(() => undefined)
    if (until.aborted) return samples
    samples.push({ seconds: (performance.now() - began) / 1_000, megabytes: reachableMegabytes() })
  }
}

/** The first fifth is left out: what an application needs once comes up there. */
export function growthOf(samples: readonly MemorySample[]): Growth {
  const warm = samples.slice(Math.ceil(samples.length / 5))
  const third = Math.max(1, Math.floor(warm.length / 3))
  const slopes = warm.flatMap((from, index) =>
    warm.slice(index + 1).map((to) => (to.megabytes - from.megabytes) / ((to.seconds - from.seconds) / 60)),
  )
  const level = (part: readonly MemorySample[]): number => median(part.map(({ megabytes }) => megabytes))
  return { megabytes: level(warm.slice(-third)) - level(warm.slice(0, third)), perMinute: median(slopes) }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const value = sorted[Math.floor(sorted.length / 2)]
  if (value === undefined) throw new RangeError('there is no median of nothing')
  return value
}

export function reachableMegabytes(): number {
  collectGarbage()
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 2 ** 20
}
