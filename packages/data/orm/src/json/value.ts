import { jsonValue } from '../loading/to-json.ts'
import type { Slab } from './slab.ts'
import { writeNumber, writeString } from './text.ts'

/** Any value in the form that `toJSON` gives it. */
export function writeValue(slab: Slab, value: unknown): void {
  const json = jsonValue(value)
  if (typeof json === 'string') writeString(slab, json)
  else if (typeof json === 'number') writeNumber(slab, json)
  else slab.utf8(JSON.stringify(json) ?? 'null')
}
