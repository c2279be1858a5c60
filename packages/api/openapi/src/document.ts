import type { RouteEntry } from '@covet/router'
import { Components, type Schema, type SchemaScope } from './components.ts'
import { DuplicateOperationError } from './errors.ts'
import type { ResolvedOpenApiOptions } from './options.ts'
import { parametersOf } from './parameters.ts'
import { type PathTemplate, templateName, templatesOf } from './path-template.ts'
import { bodyOf, responsesOf } from './responses.ts'
import type { OpenApiDocument, OpenApiOperation, OpenApiReference, PathItem } from './types.ts'

/** The methods a path item can have (OpenAPI 3.1 §4.8.9). */
const describable = new Set(['GET', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH', 'TRACE'])
const refusal: OpenApiReference = { $ref: '#/components/responses/Refusal' }

/**
 * Describes routes as an OpenAPI 3.1 document. Of routes that differ in constraints only, the first is described.
 * @throws {UnknownReferenceError | DuplicateOperationError}
 */
export function buildDocument(routes: readonly RouteEntry[], options: ResolvedOpenApiOptions): OpenApiDocument {
  const writer = new DocumentWriter(options)
  for (const route of routes) if (!route.hide && !route.derived && describable.has(route.method)) writer.add(route)
  return writer.finish()
}

class DocumentWriter {
  readonly #options: ResolvedOpenApiOptions
  readonly #components = new Components()
  readonly #paths = new Map<string, { first: PathTemplate; item: Record<string, OpenApiOperation> }>()
  readonly #operations = new Map<string, string>()
  #usesSecurity = false

  constructor(options: ResolvedOpenApiOptions) {
    this.#options = options
  }

  add(route: RouteEntry): void {
    for (const template of templatesOf(route.path)) {
      const entry = this.#paths.get(template.pattern) ?? { first: template, item: {} }
      this.#paths.set(template.pattern, entry)
      const method = route.method.toLowerCase()
      if (!entry.item[method]) entry.item[method] = this.#operation(route, template, entry.first)
    }
  }

  finish(): OpenApiDocument {
    const { info, servers, errors, securitySchemes } = this.#options
    const scope: SchemaScope = { route: 'errors', shared: {}, suffix: '' }
    const responses = errors && {
      Refusal: {
        description: errors.description,
        content: { [errors.contentType]: { schema: this.#components.convert(errors.schema, scope) } },
      },
    }
    const tags = this.#tags()
    return {
      openapi: '3.1.1',
      info,
      ...(servers.length > 0 && { servers }),
      ...(tags.length > 0 && { tags }),
      paths: Object.fromEntries([...this.#paths.values()].map(({ first, item }): [string, PathItem] => [first.template, item])),
      components: {
        schemas: this.#components.schemas,
        ...(responses && { responses }),
        ...(this.#usesSecurity && { securitySchemes }),
      },
    }
  }

  #operation(route: RouteEntry, template: PathTemplate, first: PathTemplate): OpenApiOperation {
    const schema: Schema = route.schema ?? {}
    const name = `${route.method} ${route.path}`
    const scope: SchemaScope = { route: name, shared: route.context.getSchemas(), suffix: '' }
    const names = first.params.map((param) => templateName(param.name))
    const parameters = parametersOf(schema, template.params, names, this.#components, scope)
    const requestBody = bodyOf(schema['body'], schema['consumes'], this.#components, { ...scope, suffix: 'Input' })
    return {
      operationId: this.#operationId(route, template, name),
      ...described(schema),
      ...(parameters.length > 0 && { parameters }),
      ...(requestBody && { requestBody }),
      responses: responsesOf(schema['response'], this.#components, scope, this.#options.errors ? refusal : undefined),
      ...this.#security(route),
    }
  }

  #security({ auth }: RouteEntry): Pick<OpenApiOperation, 'security'> {
    if (auth === undefined) return {}
    const security = this.#options.security(auth)
    if (security.length > 0) this.#usesSecurity = true
    return { security }
  }

  #operationId(route: RouteEntry, template: PathTemplate, name: string): string {
    const given = route.schema?.['operationId']
    const wanted = typeof given === 'string' ? given : (route.name ?? idOf(route.method, template.template))
    const other = this.#operations.get(wanted)
    if (other !== undefined && typeof given === 'string') throw new DuplicateOperationError(given, [other, name])
    let id = wanted
    for (let count = 2; this.#operations.has(id); count += 1) id = `${wanted}${count}`
    this.#operations.set(id, name)
    return id
  }

  #tags(): readonly { name: string; description?: string }[] {
    const described = this.#options.tags
    const used = new Set([...this.#paths.values()].flatMap(({ item }) => Object.values(item).flatMap(({ tags }) => tags ?? [])))
    for (const { name } of described) used.delete(name)
    return [...described, ...[...used].toSorted().map((name) => ({ name }))]
  }
}

function described({ summary, description, tags, deprecated }: Schema): Partial<OpenApiOperation> {
  return {
    ...(typeof summary === 'string' && { summary }),
    ...(typeof description === 'string' && { description }),
    ...(Array.isArray(tags) && tags.length > 0 && { tags: tags.map(String) }),
    ...(deprecated === true && { deprecated: true }),
  }
}

/** `GET /articles/{slug}` becomes `getArticlesBySlug`. */
function idOf(method: string, template: string): string {
  const words = template.split(/[^\w{}]+/).filter(Boolean)
  const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)
  return (
    method.toLowerCase() + words.map((word) => (word.includes('{') ? `By${capital(word.replaceAll(/[{}]/g, ''))}` : capital(word))).join('')
  )
}
