import { createRequire } from 'node:module'
import type { FastifyBaseLogger, FastifySchemaValidationError } from 'fastify'

/** A compiled schema: whether a value fits, and why not. */
export interface Validate {
  (data: unknown): boolean
  errors?: FastifySchemaValidationError[] | null
}

/** One part of a route's schema: `httpPart` is body, querystring, params or headers. */
export interface RouteSchema {
  schema: unknown
  method: string
  url: string
  httpPart?: string
}

export type CompileSchema = (route: RouteSchema) => Validate
export type BuildValidator = (externalSchemas: unknown, options?: { customOptions?: object }) => CompileSchema

interface Pino {
  (options: object, destination?: { write(line: string): void }): FastifyBaseLogger
  stdSerializers: { err(error: Error): Record<string, unknown> }
}

/**
 * Parts that Fastify itself is built of, taken from its own dependencies: the kernel brings no package of its own and
 * runs the very copies Fastify runs.
 */
export interface FastifyParts {
  pino: Pino
  proxyAddr: { compile(addresses: readonly string[]): (address: string, hop: number) => boolean }
  ajvCompiler: () => BuildValidator
}

/** Read only when an application is made. */
export function fastifyParts(): FastifyParts {
  const here = createRequire(import.meta.url)
  const fromFastify = createRequire(here.resolve('fastify'))
  return {
    pino: fromFastify('pino') as Pino,
    proxyAddr: fromFastify('@fastify/proxy-addr') as FastifyParts['proxyAddr'],
    ajvCompiler: fromFastify('@fastify/ajv-compiler') as () => BuildValidator,
  }
}
