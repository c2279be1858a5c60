import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

let collect: (() => void) | undefined

export function collectGarbage(): void {
  if (!collect) {
    setFlagsFromString('--expose-gc')
    collect = runInNewContext('gc') as () => void
  }
  collect()
}

/** Bytes of the heap that are still held: everything else is collected first. */
export function heldBytes(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}
