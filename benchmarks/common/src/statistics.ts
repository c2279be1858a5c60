export interface Spread {
  median: number
  /** First and third quartile. */
  low: number
  high: number
}

/** The value below which the share `q` of the values lies, interpolated. */
export function quantile(values: readonly number[], q: number): number {
  if (values.length === 0) return Number.NaN
  const sorted = values.toSorted((a, b) => a - b)
  const position = (sorted.length - 1) * q
  const below = sorted[Math.floor(position)] as number
  const above = sorted[Math.ceil(position)] as number
  return below + (above - below) * (position - Math.floor(position))
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

export function spread(values: readonly number[]): Spread {
  return { median: median(values), low: quantile(values, 0.25), high: quantile(values, 0.75) }
}

/**
 * Speed of `costs` against `reference`, both in cost per operation and paired by round: 1 is as fast, 0.5 half as fast.
 * Pairing inside a round takes the machine's drift out; the median takes the bad rounds out.
 */
export function pairedSpeed(reference: readonly number[], costs: readonly number[]): Spread {
  return spread(costs.map((cost, round) => (reference[round] ?? Number.NaN) / cost))
}
