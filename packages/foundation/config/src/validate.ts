import type { TSchema } from 'typebox'
import Value from 'typebox/value'
import { propertiesOf, type SchemaNode } from './schema.ts'

/** What one value must be and is not; `at` is the place inside it, empty for the value itself. */
export interface Refusal {
  readonly at: readonly string[]
  readonly message: string
}

type ValidationError = ReturnType<typeof Value.Errors>[number]

/** One refusal per place. */
export function refusals(node: SchemaNode, value: unknown): readonly Refusal[] {
  const errors = Value.Errors(node as TSchema, value)
  const unions = errors.filter(({ keyword }) => keyword === 'anyOf').map(({ schemaPath }) => schemaPath)
  const found = new Map<string, Refusal>()
  for (const error of errors) {
    const inUnion = unions.some((union) => error.schemaPath.startsWith(`${union}/anyOf/`))
    if (inUnion || found.has(error.instancePath)) continue
    found.set(error.instancePath, { at: segmentsOf(error.instancePath), message: messageOf(error, node) })
  }
  return [...found.values()]
}

/** What an object itself must satisfy (cross-field rules, counts); its settings are checked one by one. */
export function refusalsOfWhole(node: SchemaNode, value: unknown): readonly Refusal[] {
  return refusals(withoutProperties(node), value)
}

function withoutProperties(node: SchemaNode): SchemaNode {
  // Descriptors: TypeBox keeps its rules (`~refine`) in hidden properties.
  const copy = Object.create(null, Object.getOwnPropertyDescriptors(node)) as Record<string, unknown>
  if (propertiesOf(node))
    for (const key of ['properties', 'required', 'additionalProperties', 'unevaluatedProperties', 'allOf']) delete copy[key]
  if (node.allOf) copy['allOf'] = node.allOf.map(withoutProperties)
  return copy
}

function messageOf(error: ValidationError, node: SchemaNode): string {
  if (error.instancePath === '' && node.expected !== undefined) return `must be ${node.expected}`
  if (error.keyword === 'anyOf') return error.instancePath === '' ? `must be ${anyOf(node)}` : 'must match one of its types'
  if (error.keyword === 'enum') return `must be ${choices(error.params.allowedValues)}`
  if (error.keyword === 'const') return `must be ${choices([error.params.allowedValue])}`
  if (error.keyword === 'required') return `must have ${error.params.requiredProperties.join(', ')}`
  if (error.keyword === '~refine') return error.params.message
  return error.message
}

function anyOf({ anyOf: members = [] }: SchemaNode): string {
  return members.every((member) => member.const !== undefined)
    ? choices(members.map((member) => member.const))
    : members
        .map((member) => (member.const === undefined ? String(member.type ?? 'a matching value') : JSON.stringify(member.const)))
        .join(' or ')
}

function choices(values: readonly unknown[]): string {
  const shown = values.map((value) => JSON.stringify(value))
  return shown.length === 1 ? String(shown[0]) : `one of ${shown.join(', ')}`
}

function segmentsOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
}
