/** SQLite takes names that differ in case for the same. */
export function isSameName(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase()
}

export function areSameNames(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((name, index) => isSameName(name, right[index] ?? ''))
}
