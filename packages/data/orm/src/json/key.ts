import type { Slab } from './slab.ts'

/** What stands before a value; so short that a loop is faster than a copy. */
export function writeKey(slab: Slab, key: Uint8Array): void {
  slab.reserve(key.length)
  const { bytes, end } = slab
  for (let index = 0; index < key.length; index += 1) bytes[end + index] = key[index] as number
  slab.end = end + key.length
}
