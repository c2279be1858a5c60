import { Keys } from '../loading/keys.ts'
import type { ModelMeta } from '../meta/model-meta.ts'
import type { KeyValues } from './link.ts'

export interface Difference {
  /** Positions of the wanted ones that are missing, each key once. */
  readonly added: readonly number[]
  readonly removed: readonly KeyValues[]
}

/** What to do so that the current keys become the wanted ones. */
export function differenceOf(meta: ModelMeta, current: readonly KeyValues[], wanted: readonly KeyValues[]): Difference {
  const keys = new Keys(meta.primaryKey, meta.primaryKey)
  const identify = (values: KeyValues): unknown => (meta.primaryKey.length === 1 ? keys.ofValue(values[0]) : keys.ofValues(values))
  const there = new Set(current.map(identify))
  const positions = new Map(wanted.map((values, position) => [identify(values), position]))
  return {
    added: [...positions].filter(([key]) => !there.has(key)).map(([, position]) => position),
    removed: current.filter((values) => !positions.has(identify(values))),
  }
}
