/**
 * How many parameters a list gets where each of its values is one: its length rounded up to a power of two, so that lists of
 * any length need a handful of texts.
 */
export function paddedSize(length: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(length, 1)))
}

/** The value at a place of a padded list: behind the end the last one, which says nothing new. */
export function paddedAt<T>(list: readonly T[], place: number): T | undefined {
  return list[Math.min(place, list.length - 1)]
}
