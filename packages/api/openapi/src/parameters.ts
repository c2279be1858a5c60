import type { PathParam } from '@covet/router'
import { type Components, isSchema, type Schema, type SchemaScope } from './components.ts'
import { templateName } from './path-template.ts'
import type { OpenApiParameter } from './types.ts'

interface Member {
  readonly name: string
  readonly schema: Schema
  readonly required: boolean
}

/** Header parameters with these names are said elsewhere in a document (OpenAPI 3.1 §4.8.12.1). */
const saidElsewhere = new Set(['accept', 'content-type', 'authorization'])

/** The parameters of a route, in the order path, query, headers. */
export function parametersOf(
  schema: Schema,
  path: readonly PathParam[],
  names: readonly string[],
  components: Components,
  scope: SchemaScope,
): readonly OpenApiParameter[] {
  const toParameter =
    (where: 'query' | 'header') =>
    (member: Member): OpenApiParameter => ({
      ...describe(member.name, member.schema, components, scope),
      in: where,
      ...(member.required && { required: true }),
    })
  const fromPath = new Map(membersOf(schema['params'], scope.shared).map((member) => [member.name, member.schema]))
  return [
    ...path.map(({ name, regex }, index): OpenApiParameter => {
      const declared = fromPath.get(name) ?? { type: 'string', ...(regex !== undefined && { pattern: regex }) }
      return { ...describe(names[index] ?? templateName(name), declared, components, scope), in: 'path', required: true }
    }),
    ...membersOf(schema['querystring'] ?? schema['query'], scope.shared).map(toParameter('query')),
    ...membersOf(schema['headers'], scope.shared)
      .filter(({ name }) => !saidElsewhere.has(name.toLowerCase()))
      .map(toParameter('header')),
  ]
}

function describe(name: string, schema: Schema, components: Components, scope: SchemaScope): Omit<OpenApiParameter, 'in'> {
  const { description } = schema
  return { name, ...(typeof description === 'string' && { description }), schema: components.convert(schema, scope) }
}

/** The members an object schema names, also through references and intersections. */
function membersOf(schema: unknown, shared: Readonly<Record<string, unknown>>): readonly Member[] {
  if (!isSchema(schema)) return []
  const { $ref, allOf, properties, required } = schema
  const needed = new Set(Array.isArray(required) ? required : [])
  const members = Object.entries(isSchema(properties) ? properties : {}).flatMap(([name, value]): Member[] =>
    // A default is filled in before anything is required.
    isSchema(value) ? [{ name, schema: value, required: needed.has(name) && !('default' in value) }] : [],
  )
  const branches = Array.isArray(allOf) ? allOf.flatMap((branch) => membersOf(branch, shared)) : []
  const referred = typeof $ref === 'string' ? membersOf(shared[$ref.replace(/#$/, '')], shared) : []
  return [...members, ...branches, ...referred]
}
