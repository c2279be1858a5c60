import { captureSite } from '@covet/db'
import { compositeIdentity } from '../codecs/identity.ts'
import { NPlusOneError } from '../errors.ts'
import type { ModelMeta } from '../meta/model-meta.ts'
import type { Chain } from '../query/chain.ts'
import { adviceFor, adviceForLoad } from './advice.ts'
import { detection } from './detection.ts'
import { keySlots } from './key-slots.ts'
import { currentDetectionScope } from './scope.ts'

/** What one place sent of one query: the keys, each once. */
interface Seen {
  readonly keys: Set<unknown>
  told: boolean
}

/** By query, and then by place. */
type Counts = Map<object, Map<string, Seen>>

const counts = new WeakMap<object, Counts>()
/** Queries watched per scope: what goes beyond is not counted. */
const mostQueries = 500

/** The query with the place where it was begun, while that is wanted. */
export function placed(chain: Chain): Chain {
  return detection.on ? chain.with({ place: captureSite().place }) : chain
}

/** Counts a query that is about to run. @throws {NPlusOneError} in mode `throw` */
export function noticeQuery(chain: Chain, values: readonly unknown[]): void {
  if (values.length === 0) return
  const keys = keySlots(chain).map((slot) => values[slot])
  if (keys.length > 0)
    count({ query: chain.shape, values: keys, place: captureSite().place ?? chain.running.place }, () => adviceFor(chain))
}

/** Counts a relation that is loaded for an instance. @param key of the instance @throws {NPlusOneError} in mode `throw` */
export function noticeLoad(meta: ModelMeta, name: string, key: readonly unknown[]): void {
  count({ query: meta.relation(name), values: key, place: captureSite().place }, () => adviceForLoad(meta, name))
}

interface Occurrence {
  readonly query: object
  readonly values: readonly unknown[]
  readonly place: string | undefined
}

function count({ query, values, place }: Occurrence, advice: () => string): void {
  if (place === undefined) return
  const seen = seenAt(query, place)
  if (!seen || seen.told) return
  seen.keys.add(compositeIdentity(values))
  if (seen.keys.size < detection.threshold) return
  seen.told = true
  tell(`The same query ran ${seen.keys.size} times with other keys, at ${place}: ${advice()}`)
}

function seenAt(query: object, place: string): Seen | undefined {
  const scope = currentDetectionScope()
  let queries = counts.get(scope)
  if (!queries) counts.set(scope, (queries = new Map()))
  let places = queries.get(query)
  if (!places) {
    if (queries.size >= mostQueries) return undefined
    queries.set(query, (places = new Map<string, Seen>()))
  }
  const seen = places.get(place) ?? { keys: new Set(), told: false }
  places.set(place, seen)
  return seen
}

function tell(message: string): void {
  if (detection.mode === 'throw') throw new NPlusOneError(message)
  process.emitWarning(message, 'CovetNPlusOneWarning')
}
