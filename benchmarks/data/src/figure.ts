export type Unit = 'ms' | 'MB' | ''

/** What the text of the case allows: less than `below`, or `about` this with a distance of `within` at most. */
export type Bound = { readonly below: number } | { readonly about: number; readonly within: number }

export interface Figure {
  readonly what: string
  readonly unit: Unit
  /** Milliseconds, or bytes. */
  readonly value: number
  readonly bound?: Bound
  /** The same figure of what one would use without Covet, from the same run. */
  readonly peer?: { readonly name: string; readonly value: number }
}

/** Undefined where the text has no bound. What could not be measured holds nothing. */
export function holds({ value, bound }: Figure): boolean | undefined {
  if (!bound) return undefined
  return 'below' in bound ? value < bound.below : Math.abs(value - bound.about) <= bound.within
}

/** Of several values the one that is furthest from what it should be. */
export function furthest(values: readonly number[], from: number): number {
  return values.toSorted((a, b) => Math.abs(b - from) - Math.abs(a - from))[0] ?? Number.NaN
}

export function format(value: number, unit: Unit): string {
  if (Number.isNaN(value)) return 'not measured'
  if (unit === '') return value.toLocaleString('en')
  if (unit === 'MB') return `${inUnit(value / 1_000_000)} MB`
  return `${inUnit(value)} ms`
}

/** Two digits below ten, none above. */
function inUnit(value: number): string {
  const size = Math.abs(value)
  if (size >= 10) return Math.round(value).toLocaleString('en')
  if (size > 0 && size < 0.01) return value.toPrecision(2)
  return value.toFixed(size < 1 ? 2 : 1)
}

export function formatBound(bound: Bound, unit: Unit): string {
  return 'below' in bound ? `< ${format(bound.below, unit)}` : `${format(bound.about, unit)} ± ${format(bound.within, unit)}`
}

/** The peer's figure, and in brackets how many times Covet's it is. */
export function formatPeer({ value, unit, peer }: Figure): string {
  return peer ? `${peer.name}: ${format(peer.value, unit)} (${(peer.value / value).toFixed(2)}×)` : ''
}
