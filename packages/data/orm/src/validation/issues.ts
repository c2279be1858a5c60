import type { ValidationIssue } from '@covet/core'
import type { TObject, TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/schema'

type SchemaError = ReturnType<Validator['Errors']>[1][number]
type Phrase = (params: Readonly<Record<string, unknown>>) => string

const phrases: Readonly<Record<string, Phrase>> = {
  type: ({ type }) => `must be ${Array.isArray(type) ? type.join(' or ') : withArticle(String(type))}`,
  maxLength: ({ limit }) => `must be at most ${String(limit)} character${limit === 1 ? '' : 's'} long`,
  minimum: ({ limit }) => `must be at least ${String(limit)}`,
  maximum: ({ limit }) => `must be at most ${String(limit)}`,
  exclusiveMinimum: ({ limit }) => `must be greater than ${String(limit)}`,
  exclusiveMaximum: ({ limit }) => `must be less than ${String(limit)}`,
  enum: ({ allowedValues }) => `must be one of ${(allowedValues as unknown[]).map((value) => JSON.stringify(value)).join(', ')}`,
  format: ({ format }) => `must be a valid ${String(format)}`,
  pattern: () => 'has the wrong form',
}

export function issue(path: string, keyword: string, message: string): ValidationIssue {
  return { in: 'body', path, keyword, message }
}

/** A member's JSON Pointer (RFC 6901). */
export function pointer(property: string): string {
  return `/${property.replaceAll('~', '~0').replaceAll('/', '~1')}`
}

/** The schema of an object, whose members are compiled one by one, because TypeBox stops after a few issues altogether. */
export interface CompiledSchema {
  readonly required: readonly string[]
  readonly members: ReadonlyMap<string, Validator>
}

export function compileSchema(schema: TObject): CompiledSchema {
  const { properties, required = [] } = schema as { properties: Readonly<Record<string, TSchema>>; required?: readonly string[] }
  return { required, members: new Map(Object.entries(properties).map(([name, member]) => [name, Compile(member)])) }
}

/** What is wrong with a value: of each member the one issue that tells most. */
export function schemaIssues({ required, members }: CompiledSchema, value: unknown): ValidationIssue[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [issue('', 'type', 'must be an object')]
  const missing = required.filter((name) => !Object.hasOwn(value, name)).map((name) => issue(pointer(name), 'required', 'is required'))
  const wrong = Object.entries(value).flatMap(([name, member]) => memberIssue(members.get(name), name, member))
  return [...missing, ...wrong]
}

function memberIssue(schema: Validator | undefined, name: string, value: unknown): ValidationIssue[] {
  if (!schema) return [issue(pointer(name), 'additionalProperties', 'is not a known member')]
  if (schema.Check(value)) return []
  const [, errors] = schema.Errors(value)
  const [first] = errors.toSorted((a, b) => rank(a) - rank(b))
  return first ? [issue(pointer(name), first.keyword, phrases[first.keyword]?.({ ...first.params }) ?? first.message)] : []
}

/** Alternatives report what each of them refuses: that it has the wrong type tells less than what is wrong with one of the right type. */
function rank({ keyword }: SchemaError): number {
  if (keyword === 'anyOf') return 2
  return keyword === 'type' ? 1 : 0
}

function withArticle(type: string): string {
  if (type === 'null') return type
  return /^[aeio]/.test(type) ? `an ${type}` : `a ${type}`
}
