import { fewPeers } from '../hydrate/instances.ts'

const below = new WeakMap<readonly object[], (readonly object[])[]>()

/**
 * Keeps what was loaded for some instances together as long as they are: the related instances of all of them are peers,
 * and nobody else holds them as one list. Few keep each other.
 */
export function keepTogether(owners: readonly object[], related: readonly object[]): void {
  if (related.length <= fewPeers) return
  const kept = below.get(owners)
  if (kept) kept.push(related)
  else below.set(owners, [related])
}
