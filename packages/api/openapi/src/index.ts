export { openapi, OpenApi } from './plugin.ts'
export type { ErrorAnswer, OpenApiOptions } from './options.ts'
export type {
  Json,
  JsonObject,
  OpenApiBody,
  OpenApiDocument,
  OpenApiInfo,
  OpenApiMedia,
  OpenApiOperation,
  OpenApiParameter,
  OpenApiReference,
  OpenApiResponse,
  PathItem,
  SecurityRequirement,
} from './types.ts'
export * as errors from './errors.ts'
