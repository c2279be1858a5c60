import { setTimeout as sleep } from 'node:timers/promises'
import type { Value } from './figure.ts'

/** How long it takes, at most `limit`. */
export async function timed(work: Promise<unknown>, limit: number): Promise<Value> {
  const started = performance.now()
  const timer = new AbortController()
  const over = sleep(limit, 'over', { signal: timer.signal }).catch(() => 'cancelled')
  const outcome = await Promise.race([work.then(() => 'done'), over])
  timer.abort()
  return outcome === 'over' ? { over: limit } : { value: performance.now() - started }
}

export async function until(holds: () => Promise<boolean>, interval = 50, signal?: AbortSignal): Promise<void> {
  while (!signal?.aborted && !(await holds())) await sleep(interval)
}

/** So many of something, a hundred at a time. */
export async function times<T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> {
  const made: T[] = []
  while (made.length < count) {
    made.push(...(await Promise.all(Array.from({ length: Math.min(100, count - made.length) }, (_, at) => make(made.length + at)))))
  }
  return made
}
