import type { FastifySchemaValidationError } from 'fastify'
import { CovetError } from './errors.ts'

export type ValidatedPart = 'body' | 'query' | 'params' | 'headers'

/** One thing that is wrong with a request. */
export interface ValidationIssue {
  /** Where the value came from. */
  in: ValidatedPart
  /** JSON Pointer (RFC 6901) to the value within that part; empty for the part itself. */
  path: string
  /** The schema keyword that refused it, or the name of a rule. */
  keyword: string
  /** A phrase that reads after the value's name: "must be at least 3 characters long". */
  message: string
}

/** A request whose parts do not fit their schemas or rules. The issues are the problem's `errors`. */
export class ValidationFailedError extends CovetError {
  readonly issues: readonly ValidationIssue[]

  constructor(issues: readonly ValidationIssue[]) {
    super('validation/failed', summary(issues), { statusCode: 400, extensions: { errors: issues } })
    this.issues = issues
  }
}

const parts: Readonly<Record<string, ValidatedPart>> = { body: 'body', querystring: 'query', params: 'params', headers: 'headers' }

/** Reads Ajv's errors, as Fastify hands them over, into issues. */
export function issuesOf(context: string | undefined, errors: readonly FastifySchemaValidationError[]): ValidationIssue[] {
  const part = parts[context ?? ''] ?? 'body'
  const issues = errors.map((error) => ({ in: part, path: pathOf(error), keyword: error.keyword, message: messageOf(error) }))
  // "must match a schema in anyOf" says nothing that the branches' own issues do not.
  const telling = issues.filter(({ keyword }) => keyword !== 'anyOf' && keyword !== 'oneOf' && keyword !== 'if')
  return telling.length > 0 ? telling : issues
}

/** A missing or unknown member is reported at its own path, not at its parent's. */
function pathOf({ instancePath, params }: FastifySchemaValidationError): string {
  const member = params['missingProperty'] ?? params['additionalProperty'] ?? params['unevaluatedProperty']
  return typeof member === 'string' ? `${instancePath}/${member.replaceAll('~', '~0').replaceAll('/', '~1')}` : instancePath
}

type Phrase = (params: Record<string, unknown>) => string

const plural = (count: unknown, noun: string): string => `${String(count)} ${noun}${count === 1 ? '' : 's'}`

const phrases: Readonly<Record<string, Phrase>> = {
  required: () => 'is required',
  additionalProperties: () => 'is not a known member',
  unevaluatedProperties: () => 'is not a known member',
  type: ({ type }) => `must be ${Array.isArray(type) ? type.join(' or ') : withArticle(String(type))}`,
  minLength: ({ limit }) => (limit === 1 ? 'must not be empty' : `must be at least ${plural(limit, 'character')} long`),
  maxLength: ({ limit }) => `must be at most ${plural(limit, 'character')} long`,
  minimum: ({ limit }) => `must be at least ${String(limit)}`,
  maximum: ({ limit }) => `must be at most ${String(limit)}`,
  exclusiveMinimum: ({ limit }) => `must be greater than ${String(limit)}`,
  exclusiveMaximum: ({ limit }) => `must be less than ${String(limit)}`,
  multipleOf: ({ multipleOf }) => `must be a multiple of ${String(multipleOf)}`,
  minItems: ({ limit }) => `must have at least ${plural(limit, 'item')}`,
  maxItems: ({ limit }) => `must have at most ${plural(limit, 'item')}`,
  uniqueItems: () => 'must not have the same item twice',
  minProperties: ({ limit }) => `must have at least ${plural(limit, 'member')}`,
  maxProperties: ({ limit }) => `must have at most ${plural(limit, 'member')}`,
  enum: ({ allowedValues }) => `must be one of ${(allowedValues as unknown[]).map((value) => JSON.stringify(value)).join(', ')}`,
  const: ({ allowedValue }) => `must be ${JSON.stringify(allowedValue)}`,
  format: ({ format }) => `must be a valid ${String(format)}`,
  pattern: () => 'has the wrong form',
}

function messageOf({ keyword, params, message }: FastifySchemaValidationError): string {
  return phrases[keyword]?.(params) ?? message ?? 'is not valid'
}

function withArticle(type: string): string {
  if (type === 'null') return type
  return /^[aeio]/.test(type) ? `an ${type}` : `a ${type}`
}

function summary([first, ...rest]: readonly ValidationIssue[]): string {
  if (!first) return 'The request is not valid.'
  const name = first.path ? `${first.in}${first.path}` : first.in
  const more = rest.length === 0 ? '' : ` (and ${rest.length} more)`
  return `${name} ${first.message}${more}.`
}
