import type { Mode } from '@covet/core'
import type { RouteAuth } from '@covet/router'
import { InvalidPathError } from './errors.ts'
import { problemSchema } from './problem.ts'
import type { JsonObject, OpenApiInfo, SecurityRequirement } from './types.ts'

/** What routes answer errors with. */
export interface ErrorAnswer {
  /** A TypeBox or JSON schema. */
  schema: object
  /** @default 'application/json' */
  contentType?: string
  /** @default 'The request was refused.' */
  description?: string
}

export interface OpenApiOptions {
  /** Name of the API. */
  title: string
  /** Version of the API, not of OpenAPI. */
  version: string
  /** Markdown. */
  description?: string
  /** Further members of `info`: contact, license, termsOfService. */
  info?: JsonObject
  /** Where the API is served, e.g. `[{ url: 'https://api.example.com' }]`. */
  servers?: readonly JsonObject[]
  /** Describes tags, in the order they are shown; others follow by name. */
  tags?: readonly { name: string; description?: string }[]
  /** Where the document is served; `false` serves none. @default '/openapi.json' */
  path?: string | false
  /** Where the page is served; `false` serves none. @default '/docs' */
  docs?: string | false
  /** Serves document and page in production mode too. @default false */
  production?: boolean
  /** How callers prove who they are. @default a bearer token, as `bearer` */
  securitySchemes?: Readonly<Record<string, JsonObject>>
  /** The alternatives a route with `auth` accepts. @default the first scheme, whatever `auth` says */
  security?: (auth: RouteAuth) => readonly SecurityRequirement[]
  /** The 4xx answer of every route that declares none; `false` adds none. @default a problem document (RFC 9457) */
  errors?: ErrorAnswer | false
}

export interface ResolvedOpenApiOptions {
  info: OpenApiInfo
  servers: readonly JsonObject[]
  tags: readonly { name: string; description?: string }[]
  path: string | false
  docs: string | false
  isServed: boolean
  securitySchemes: Readonly<Record<string, JsonObject>>
  security: (auth: RouteAuth) => readonly SecurityRequirement[]
  errors: Required<ErrorAnswer> | false
}

const problemAnswer: Required<ErrorAnswer> = {
  schema: problemSchema,
  contentType: 'application/problem+json',
  description: 'The request was refused.',
}

/** @throws {InvalidPathError} */
export function resolveOpenApiOptions(
  {
    title,
    version,
    description,
    info = {},
    servers = [],
    tags = [],
    path = '/openapi.json',
    docs = '/docs',
    production = false,
    securitySchemes = { bearer: { type: 'http', scheme: 'bearer' } },
    security = firstOf(securitySchemes),
    errors = problemAnswer,
  }: OpenApiOptions,
  mode: Mode,
): ResolvedOpenApiOptions {
  return {
    info: { title, version, ...(description !== undefined && { description }), ...info },
    servers,
    tags,
    path: pathOf('path', path),
    docs: pathOf('docs', docs),
    isServed: production || mode !== 'production',
    securitySchemes,
    security,
    errors: errors && { contentType: 'application/json', description: problemAnswer.description, ...errors },
  }
}

function firstOf(schemes: Readonly<Record<string, JsonObject>>): () => readonly SecurityRequirement[] {
  const [name] = Object.keys(schemes)
  return () => (name === undefined ? [] : [{ [name]: [] }])
}

function pathOf(option: string, value: string | false): string | false {
  if (value !== false && !/^(?:\/[^/]+)+$/.test(value)) throw new InvalidPathError(option, value)
  return value
}
