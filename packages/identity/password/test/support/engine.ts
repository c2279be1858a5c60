import type { Derive, DeriveRequest } from '../../src/index.ts'

interface Call {
  input: Uint8Array
  request: DeriveRequest
  finish(): void
}

/** An engine whose hashes finish when the test says so; the tag is the salt, repeated. */
export function manualEngine(): { derive: Derive; calls: Call[]; started(count: number): Promise<void> } {
  const calls: Call[] = []
  const watchers = new Set<() => void>()
  const derive: Derive = (input, request) => {
    const { promise, resolve } = Promise.withResolvers<Uint8Array>()
    calls.push({ input, request, finish: () => resolve(Buffer.alloc(request.length, request.salt)) })
    for (const watcher of watchers) watcher()
    return promise
  }
  const started = (count: number): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (calls.length < count) return
        watchers.delete(check)
        resolve()
      }
      watchers.add(check)
      check()
    })
  return { derive, calls, started }
}

/** Counts hashes and finishes each at once. */
export function countingEngine(): { derive: Derive; count(): number } {
  let count = 0
  return {
    derive: async (input, { salt, length }) => {
      count++
      return Buffer.alloc(length, Buffer.concat([salt, input]))
    },
    count: () => count,
  }
}
