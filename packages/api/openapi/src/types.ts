/** A JSON value of the document. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

export interface JsonObject {
  readonly [key: string]: Json
}

export interface OpenApiInfo {
  readonly title: string
  readonly version: string
  readonly summary?: string
  readonly description?: string
  readonly [key: string]: Json | undefined
}

export interface OpenApiParameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly description?: string
  readonly schema: Json
}

export interface OpenApiMedia {
  readonly schema?: Json
}

export interface OpenApiBody {
  readonly required?: boolean
  readonly description?: string
  readonly content: Readonly<Record<string, OpenApiMedia>>
}

export interface OpenApiResponse {
  readonly description: string
  readonly content?: Readonly<Record<string, OpenApiMedia>>
}

export interface OpenApiReference {
  readonly $ref: string
}

/** Schemes of which all are needed, by name, each with its scopes. */
export type SecurityRequirement = Readonly<Record<string, readonly string[]>>

export interface OpenApiOperation {
  readonly operationId: string
  readonly summary?: string
  readonly description?: string
  readonly tags?: readonly string[]
  readonly deprecated?: boolean
  readonly parameters?: readonly OpenApiParameter[]
  readonly requestBody?: OpenApiBody
  readonly responses: Readonly<Record<string, OpenApiResponse | OpenApiReference>>
  readonly security?: readonly SecurityRequirement[]
}

export type PathItem = { readonly [method: string]: OpenApiOperation }

/** An OpenAPI 3.1 document. */
export interface OpenApiDocument {
  readonly openapi: '3.1.1'
  readonly info: OpenApiInfo
  readonly servers?: readonly JsonObject[]
  readonly tags?: readonly { readonly name: string; readonly description?: string }[]
  readonly paths: Readonly<Record<string, PathItem>>
  readonly components: {
    readonly schemas: Readonly<Record<string, Json>>
    readonly responses?: Readonly<Record<string, OpenApiResponse>>
    readonly securitySchemes?: Readonly<Record<string, JsonObject>>
  }
}
