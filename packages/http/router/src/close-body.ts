import { OpenBodyError } from './errors.ts'

type Schema = Readonly<Record<string, unknown>>

/** Keywords whose schemas look at the same value as the schema they are in. */
const combining = ['allOf', 'anyOf', 'oneOf', 'if', 'then', 'else', 'dependentSchemas'] as const
/** Keywords that already say what happens to other members. */
const deciding = ['additionalProperties', 'unevaluatedProperties', 'patternProperties'] as const

const isCombining = (keyword: string): boolean => (combining as readonly string[]).includes(keyword)
const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * A copy of a schema whose object schemas refuse members they do not name, unless they say something else themselves.
 * Shared schemas (`$ref`) stay as they were written.
 * @throws {OpenBodyError} when what an object may have cannot be known
 */
export function closeSchema(schema: unknown): unknown {
  return close(schema, '', false)
}

/** One copy per schema: a validator takes two schemas with one `$id` for a conflict, unless they are the same object. */
const copies = new WeakMap<Schema, unknown>()

function closeOnce(schema: Schema, place: string): unknown {
  const known = copies.get(schema)
  if (known !== undefined) return known
  const closed = closeNow(schema, place, false)
  copies.set(schema, closed)
  return closed
}

/** @param isBranch the schema is part of a combination that is closed as a whole */
function close(schema: unknown, place: string, isBranch: boolean): unknown {
  if (!isSchema(schema)) return schema
  return isBranch ? closeNow(schema, place, true) : closeOnce(schema, place)
}

function closeNow(schema: Schema, place: string, isBranch: boolean): unknown {
  const isObject = isOpenObject(schema)
  const entries = Object.entries(schema).map(([keyword, value]): [string, unknown] => {
    const sharesMembers = (isBranch || isObject) && isCombining(keyword)
    return [keyword, mapSchemas(keyword, value, `${place}/${keyword}`, (part, at) => close(part, at, sharesMembers))]
  })
  const closed = Object.fromEntries(entries)
  return isBranch || !isObject ? closed : closeObject(schema, closed, place)
}

function isOpenObject(schema: Schema): boolean {
  if (deciding.some((keyword) => keyword in schema)) return false
  const isObject = schema['type'] === 'object' || 'properties' in schema
  return isObject || (Array.isArray(schema['allOf']) && schema['allOf'].some((branch) => isSchema(branch) && isOpenObject(branch)))
}

/** The branches of a combination see each other's members, so the whole is closed and they are not. */
function closeObject(schema: Schema, closed: Schema, place: string): Schema {
  if (!combining.some((keyword) => keyword in schema)) return { ...closed, additionalProperties: false }
  const names = new Set<string>()
  collectNames(schema, names, place)
  const own = isSchema(closed['properties']) ? closed['properties'] : {}
  const known = Object.fromEntries([...names].filter((name) => !Object.hasOwn(own, name)).map((name) => [name, true]))
  return { ...closed, type: 'object', properties: { ...own, ...known }, additionalProperties: false }
}

function collectNames(schema: Schema, names: Set<string>, place: string): void {
  if ('$ref' in schema || deciding.some((keyword) => keyword in schema)) throw new OpenBodyError(place)
  if (isSchema(schema['properties'])) for (const name of Object.keys(schema['properties'])) names.add(name)
  for (const branch of branchesOf(schema)) collectNames(branch, names, place)
}

function branchesOf(schema: Schema): readonly Schema[] {
  return combining.flatMap((keyword) => {
    const value = schema[keyword]
    if (Array.isArray(value)) return value.filter(isSchema)
    if (!isSchema(value)) return []
    return keyword === 'dependentSchemas' ? Object.values(value).filter(isSchema) : [value]
  })
}

const holdsSchemas = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'])
const listsSchemas = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems', 'items'])
const isOneSchema = new Set(['items', 'additionalItems', 'additionalProperties', 'unevaluatedProperties', 'contains', 'if', 'then', 'else'])

function mapSchemas(keyword: string, value: unknown, place: string, map: (schema: unknown, place: string) => unknown): unknown {
  if (holdsSchemas.has(keyword) && isSchema(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, map(part, `${place}/${name}`)]))
  }
  if (listsSchemas.has(keyword) && Array.isArray(value)) return value.map((part, index) => map(part, `${place}/${index}`))
  return isOneSchema.has(keyword) ? map(value, place) : value
}
