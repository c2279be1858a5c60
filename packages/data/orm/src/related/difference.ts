import { Keys } from '../loading/keys.ts'
import type { KeyValues } from '../query/key-nodes.ts'
import type { Link } from './link.ts'

export interface Difference {
  /** Positions of the wanted ones that are missing, each key once. */
  readonly added: readonly number[]
  readonly removed: readonly KeyValues[]
}

/** What to do so that the current keys become the wanted ones. */
export async function differenceOf(
  { database, relation: { target } }: Link,
  current: readonly KeyValues[],
  wanted: readonly KeyValues[],
): Promise<Difference> {
  const keys = new Keys(target.primaryKey, target.primaryKey)
  const keyOf = (values: KeyValues): unknown => keys.ofRow(values)
  const sameness = await keys.sameness(database, [...current, ...wanted].map(keyOf))
  const identify = (values: KeyValues): unknown => sameness(keyOf(values))
  const there = new Set(current.map(identify))
  const positions = new Map(wanted.map((values, position) => [identify(values), position]))
  return {
    added: [...positions].filter(([key]) => !there.has(key)).map(([, position]) => position),
    removed: current.filter((values) => !positions.has(identify(values))),
  }
}
