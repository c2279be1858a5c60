/** Runs `count` of something, so many at a time. */
export async function times<T>(count: number, run: (index: number) => Promise<T>, atOnce = 100): Promise<T[]> {
  const results: T[] = []
  for (let at = 0; at < count; at += atOnce) {
    const batch = Array.from({ length: Math.min(atOnce, count - at) }, (_, offset) => run(at + offset))
    results.push(...(await Promise.all(batch)))
  }
  return results
}
