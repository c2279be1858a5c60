import { InvalidValueError, UndefinedValueError } from '../errors.ts'
import type { ModelMeta } from '../meta/model-meta.ts'

/** The members of a primary key, given as its value or, for a composite one, as an object. */
export function keyMembers(meta: ModelMeta, key: unknown): Readonly<Record<string, unknown>> {
  const where = `The key of ${meta.name}`
  if (key === undefined) throw new UndefinedValueError(where)
  if (key === null) throw new InvalidValueError(where, 'null is no key.')
  const [only, second] = meta.primaryKey
  if (only && !second) return { [only.property]: key }
  const names = meta.primaryKey.map(({ property }) => property)
  const example = `{ ${names.join(', ')} }`
  if (typeof key !== 'object') throw new InvalidValueError(where, `it is composite; pass ${example}.`)
  const members = key as Readonly<Record<string, unknown>>
  if (names.some((name) => members[name] === undefined) || Object.keys(members).length !== names.length) {
    throw new InvalidValueError(where, `pass exactly ${example}.`)
  }
  return members
}

/** The primary key of an instance: its value or, of a composite one, an object. */
export function keyOf(meta: ModelMeta, instance: object): unknown {
  const own = instance as Readonly<Record<string, unknown>>
  const [only, second] = meta.primaryKey
  return only && !second ? own[only.property] : Object.fromEntries(meta.primaryKey.map(({ property }) => [property, own[property]]))
}
