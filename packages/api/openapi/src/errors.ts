import { CovetError } from '@covet/core'

/** A schema refers to one that is neither shared with `addSchema` nor has an `$id` in the same schema. */
export class UnknownReferenceError extends CovetError {
  constructor(reference: string, route: string) {
    super(
      'openapi/unknown-reference',
      `${route}: nothing is known under $ref '${reference}'. Share the schema with addSchema, or give it that $id.`,
    )
  }
}

/** Two operations were given one `operationId`. */
export class DuplicateOperationError extends CovetError {
  constructor(operationId: string, routes: readonly [string, string]) {
    super('openapi/duplicate-operation', `'${operationId}' is the operationId of both ${routes[0]} and ${routes[1]}. Choose another one.`)
  }
}

/** The document and its page cannot be served at these paths. */
export class InvalidPathError extends CovetError {
  constructor(option: string, value: string) {
    super('openapi/invalid-path', `${option}: '${value}' is not a path. Write one that starts with a slash and ends without one.`)
  }
}
