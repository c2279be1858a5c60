import { Keys } from '../loading/keys.ts'
import type { KeyValues } from '../query/key-nodes.ts'
import type { Link } from './link.ts'

export interface Difference {
  /** Positions of the wanted ones that are missing, each key once. */
  readonly added: readonly number[]
  readonly removed: readonly KeyValues[]
}

/** What to do so that the current keys become the wanted ones. */
export async function differenceOf(link: Link, current: readonly KeyValues[], wanted: readonly KeyValues[]): Promise<Difference> {
  const all = await identitiesOf(link, [...current, ...wanted])
  const there = new Set(all.slice(0, current.length))
  const positions = new Map(all.slice(current.length).map((identity, position) => [identity, position]))
  return {
    added: [...positions].filter(([identity]) => !there.has(identity)).map(([, position]) => position),
    removed: current.filter((_, position) => !positions.has(all[position])),
  }
}

/** What keys of the target are the same by, for the engine too. */
export async function identitiesOf({ database, relation: { target } }: Link, keys: readonly KeyValues[]): Promise<readonly unknown[]> {
  const forms = new Keys(target.primaryKey, target.primaryKey)
  const all = keys.map((values) => forms.ofRow(values))
  return all.map(await forms.sameness(database, all))
}
