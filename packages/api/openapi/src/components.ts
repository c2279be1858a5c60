import { UnknownReferenceError } from './errors.ts'
import type { Json } from './types.ts'

export type Schema = Readonly<Record<string, unknown>>

/** Where a schema comes from: what its references can mean, and what to call it when its name is taken. */
export interface SchemaScope {
  /** For errors. */
  readonly route: string
  /** Schemas shared with `addSchema` in the route's context. */
  readonly shared: Readonly<Record<string, unknown>>
  /** The name of a variant: a closed body beside the open answer of the same `$id`. */
  readonly suffix: string
}

interface Scope extends SchemaScope {
  readonly local: ReadonlyMap<string, Schema>
}

/** Keywords whose values are data, not schemas. */
const holdsValues = new Set(['enum', 'const', 'default', 'examples', 'example'])

export const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Turns schemas into those of the document. One that has an `$id` is there once, and referred to. */
export class Components {
  readonly #schemas: Record<string, Json> = {}
  readonly #names = new Map<Schema, string>()

  get schemas(): Readonly<Record<string, Json>> {
    return this.#schemas
  }

  /** @throws {UnknownReferenceError} */
  convert(schema: unknown, scope: SchemaScope): Json {
    return this.#convert(schema, { ...scope, local: isSchema(schema) ? localsOf(schema) : new Map() })
  }

  #convert(schema: unknown, scope: Scope): Json {
    if (!isSchema(schema)) return schema as Json
    if (typeof schema['$id'] === 'string') return this.#refer(schema['$id'], schema, scope)
    return this.#convertMembers(schema, scope)
  }

  #convertMembers(schema: Schema, scope: Scope): Json {
    const members: Record<string, Json> = {}
    for (const [keyword, value] of Object.entries(schema)) {
      if (value === undefined || keyword === '$id' || keyword === '$defs' || keyword === 'definitions') continue
      if (keyword === '$ref' && typeof value === 'string') members['$ref'] = this.#resolve(value, scope)
      else if (holdsValues.has(keyword)) members[keyword] = value as Json
      else members[keyword] = this.#convertValue(value, scope)
    }
    return withTuples(members)
  }

  #convertValue(value: unknown, scope: Scope): Json {
    return Array.isArray(value) ? value.map((part) => this.#convert(part, scope)) : this.#convert(value, scope)
  }

  #resolve(reference: string, scope: Scope): string {
    const local = /^#\/(?:\$defs|definitions)\/([^/]+)(.*)$/.exec(reference)
    const [name = '', rest = ''] = local ? [local[1], local[2]] : reference.split('#', 2)
    const schema = scope.local.get(name) ?? scope.shared[name]
    if (!isSchema(schema)) throw new UnknownReferenceError(reference, scope.route)
    const { $ref } = this.#refer(name, schema, scope) as { $ref: string }
    return `${$ref}${rest}`
  }

  #refer(id: string, schema: Schema, scope: Scope): Json {
    const known = this.#names.get(schema)
    return { $ref: `#/components/schemas/${known ?? this.#add(id, schema, scope)}` }
  }

  /** Takes the first name that is free, or whose schema is the same. */
  #add(id: string, schema: Schema, scope: Scope): string {
    const inner = { ...scope, local: new Map([...scope.local, ...localsOf(schema)]) }
    for (const name of namesFor(id, scope.suffix)) {
      this.#names.set(schema, name)
      const isFree = !Object.hasOwn(this.#schemas, name)
      if (isFree) this.#schemas[name] = {}
      const converted = this.#convertMembers(schema, inner)
      if (isFree) this.#schemas[name] = converted
      if (isFree || JSON.stringify(this.#schemas[name]) === JSON.stringify(converted)) return name
    }
    return id
  }
}

function* namesFor(id: string, suffix: string): Generator<string> {
  const name = id.replaceAll(/[^\w.-]/g, '_')
  yield name
  if (suffix) yield name + suffix
  for (let count = 2; ; count += 1) yield `${name}${suffix}${count}`
}

function localsOf(schema: Schema): Map<string, Schema> {
  const locals = new Map<string, Schema>()
  for (const keyword of ['$defs', 'definitions']) {
    const definitions = schema[keyword]
    if (!isSchema(definitions)) continue
    for (const [name, definition] of Object.entries(definitions)) if (isSchema(definition)) locals.set(name, definition)
  }
  return locals
}

/** Fastify's schemas are draft 7, OpenAPI's are 2020-12: a tuple's items have another name there. */
function withTuples(schema: Record<string, Json>): Json {
  if (!Array.isArray(schema['items'])) return schema
  const { items, additionalItems, ...rest } = schema
  return { ...rest, prefixItems: items as Json, ...(additionalItems !== undefined && { items: additionalItems }) }
}
