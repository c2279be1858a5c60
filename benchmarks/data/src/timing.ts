import { setTimeout as pause } from 'node:timers/promises'

/** What the work rejected with, and after how many milliseconds. @throws when it does not */
export async function refusal(work: () => Promise<unknown>): Promise<{ error: unknown; took: number }> {
  const started = performance.now()
  try {
    await work()
  } catch (error) {
    return { error, took: performance.now() - started }
  }
  throw new Error('It was expected to be refused.')
}

const patience = 60_000

/** Asks again and again until the answer is true. @throws after a minute */
export async function until(what: string, holds: () => boolean | Promise<boolean>, interval = 2): Promise<void> {
  const deadline = performance.now() + patience
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`Waited for a minute until ${what}.`)
    await pause(interval)
  }
}

/** The longest time between two calls of a timer of 10 ms while the work goes on, in milliseconds. */
export async function longestGap(work: () => Promise<unknown>): Promise<number> {
  const ticks = [performance.now()]
  const timer = setInterval(() => ticks.push(performance.now()), 10)
  try {
    await work()
  } finally {
    clearInterval(timer)
  }
  ticks.push(performance.now())
  return Math.max(...ticks.slice(1).map((tick, at) => tick - (ticks[at] as number)))
}

export async function times<T>(rounds: number, work: (round: number) => Promise<T>): Promise<T[]> {
  const results: T[] = []
  for (let round = 0; round < rounds; round++) results.push(await work(round))
  return results
}

/** @throws with `what` unless it holds */
export function check(isRight: boolean, what: string): asserts isRight {
  if (!isRight) throw new Error(what)
}
