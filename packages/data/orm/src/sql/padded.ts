/** What a prepared statement of MariaDB and MySQL takes. */
const mostParameters = 65_535

/**
 * How many values a list gets where each of them is a parameter, or several: its length rounded up to a power of two, so that
 * lists of any length need a handful of texts. One that would not fit any more stays as long as it is.
 * @param width parameters of one value
 */
export function paddedSize(length: number, width = 1): number {
  const padded = 2 ** Math.ceil(Math.log2(Math.max(length, 1)))
  return padded * width > mostParameters ? length : padded
}

/** The value at a place of a padded list: behind the end the last one, which says nothing new. */
export function paddedAt<T>(list: readonly T[], place: number): T | undefined {
  return list[Math.min(place, list.length - 1)]
}
