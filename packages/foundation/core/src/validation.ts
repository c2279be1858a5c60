import type { FastifyServerOptions } from 'fastify'
import type { BuildValidator, CompileSchema, FastifyParts, Validate } from './fastify-parts.ts'

type SchemaController = NonNullable<FastifyServerOptions['schemaController']>

/** What is listed of a refused value, at most. */
const maxIssues = 50
/** Only a small value is validated again to list all that is wrong with it; of a large one the first is told. */
const maxNodes = 1_000
/** Text a pattern runs on in that second pass, where `maxLength` no longer stops it. */
const maxMatchedText = 1_000

/**
 * Query, path and header values are text and are coerced to their schema's types; JSON bodies have types of their own and
 * are taken as they are. No part is silently stripped, and every issue of a refused small value is listed.
 */
export function schemaController({ ajvCompiler }: FastifyParts): SchemaController {
  const build = ajvCompiler()
  const buildValidator: BuildValidator = (externalSchemas, options) => {
    const compiler = (overrides: object): CompileSchema =>
      build(externalSchemas, {
        ...options,
        customOptions: { ...options?.customOptions, removeAdditional: false, allErrors: false, ...overrides },
      })
    const text = compiler({ coerceTypes: 'array' })
    const textAll = compiler({ coerceTypes: 'array', allErrors: true })
    const json = compiler({ coerceTypes: false })
    const jsonAll = compiler({ coerceTypes: false, allErrors: true })
    return (route) => {
      const isBody = route.httpPart === 'body'
      const maxText = hasPattern(route.schema) ? maxMatchedText : Infinity
      return listingAll(isBody ? json(route) : text(route), () => (isBody ? jsonAll(route) : textAll(route)), maxText)
    }
  }
  return { compilersFactory: { buildValidator } } as SchemaController
}

/** The quick validator decides; the one that lists every error is compiled at the first refusal. */
function listingAll(validate: Validate, compileAll: () => Validate, maxText: number): Validate {
  let validateAll: Validate | undefined
  const listing: Validate = (data: unknown) => {
    if (validate(data)) return true
    listing.errors = validate.errors ?? []
    if (isSmall(data, maxText)) {
      validateAll ??= compileAll()
      if (!validateAll(data)) listing.errors = (validateAll.errors ?? listing.errors).slice(0, maxIssues)
    }
    return false
  }
  return listing
}

function hasPattern(schema: unknown): boolean {
  return /"pattern(?:Properties)?":/.test(JSON.stringify(schema))
}

function isSmall(root: unknown, maxText: number): boolean {
  const open: unknown[] = [root]
  let nodes = 0
  while (open.length > 0) {
    const node = open.pop()
    if (typeof node === 'string' && node.length > maxText) return false
    if (typeof node !== 'object' || node === null) continue
    const values: unknown[] = Object.values(node)
    nodes += values.length
    if (nodes > maxNodes) return false
    open.push(...values)
  }
  return true
}
