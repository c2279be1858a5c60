import { isPromise } from 'node:util/types'
import { peakMemory } from '@covet-benchmarks/common/memory'
import { quantile } from '@covet-benchmarks/common/statistics'

/** One slice of one contender. Times are microseconds, memory is bytes. */
export interface Slice {
  operations: number
  /** CPU time of the contender's process per operation. */
  cpu: number
  /** Wall time per operation, with `callers` under way. */
  wall: number
  p50: number
  p99: number
  /** The most memory the process has had resident. */
  rss: number
  /** What is on the heap after a collection of its young part. */
  heap: number
}

export interface LoopOptions {
  /** Milliseconds of this process's CPU, and at most four times as many by the clock: on a busy machine it gets its share still. */
  duration: number
  /** Operations under way at a time. */
  callers: number
  /** Number of the first operation: a slice goes on where the last one ended. */
  first: number
}

export type Operation = (index: number) => unknown

/** Runs the operation for the duration, then some more with a clock around each for the latencies. */
export async function runSlice(operation: Operation, { duration, callers, first }: LoopOptions): Promise<Slice> {
  let index = first
  const next = (): number => index++
  const batch = await calibrate(operation, next, callers)
  collect()
  const from = index
  const [before, startedAt] = [process.cpuUsage(), performance.now()]
  const goesOn = (): boolean => {
    const used = process.cpuUsage(before)
    return used.user + used.system < duration * 1000 && performance.now() < startedAt + 4 * duration
  }
  await together(callers, () => repeat(operation, next, goesOn, batch))
  const [{ user, system }, elapsed] = [process.cpuUsage(before), performance.now() - startedAt]
  const operations = index - from
  const latencies: number[] = []
  const until = performance.now() + duration / 5
  await together(callers, () => repeatTimed(operation, next, until, latencies))
  collect()
  return {
    operations: index - first,
    cpu: (user + system) / operations,
    wall: (elapsed * 1000) / operations,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    rss: peakMemory(),
    heap: process.memoryUsage().heapUsed,
  }
}

/**
 * The young part alone. A full collection throws away compiled code whose objects have all died, which an idle process has
 * none of: the slice after it would measure the compiler, the more so the more code a contender has.
 */
function collect(): void {
  globalThis.gc?.({ type: 'minor' })
}

/** Operations between two looks at the clock: a look costs as much as a tenth of the fastest operation. */
async function calibrate(operation: Operation, next: () => number, callers: number): Promise<number> {
  const startedAt = performance.now()
  await together(callers, () => repeat(operation, next, () => false, 1))
  const each = (performance.now() - startedAt) / callers
  return Math.max(1, Math.min(32, Math.floor(1 / each)))
}

async function together(callers: number, run: () => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: callers }, run))
}

async function repeat(operation: Operation, next: () => number, goesOn: () => boolean, batch: number): Promise<void> {
  do {
    for (let count = 0; count < batch; count++) {
      const result = operation(next())
      // To await what is no promise costs as much as a cached statement's binding.
      if (isThenable(result)) await result
    }
  } while (goesOn())
}

async function repeatTimed(operation: Operation, next: () => number, until: number, latencies: number[]): Promise<void> {
  let now = performance.now()
  do {
    const startedAt = now
    const result = operation(next())
    if (isThenable(result)) await result
    now = performance.now()
    latencies.push((now - startedAt) * 1000)
  } while (now < until)
}

/** Query builders are thenable and run when awaited. */
function isThenable(value: unknown): value is PromiseLike<unknown> {
  return isPromise(value) || typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}
