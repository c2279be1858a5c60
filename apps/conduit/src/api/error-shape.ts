import { CovetError, ErrorMappers, plugin, ValidationFailedError, type ErrorMapper, type MappedError, type Plugin } from '@covet/core'
import type { FastifyRequest } from 'fastify'
import { ConduitError, type ErrorMessages } from './errors.ts'
import { isApiRequest } from './path.ts'
import { messagesOf } from './validation-messages.ts'

/** Errors under /api answer in RealWorld's shape; everywhere else they stay the framework's problem documents. */
export const errorShape: Plugin = plugin({
  name: 'conduit/error-shape',
  setup(app) {
    app.services.add(ErrorMappers, toRealWorld)
  },
})

const toRealWorld: ErrorMapper = (error, request) => (isApiRequest(request) ? answer(error, request) : undefined)

function answer(error: unknown, request: FastifyRequest): MappedError {
  if (error instanceof ConduitError) return shaped(error.statusCode, error.errors)
  if (error instanceof ValidationFailedError) return shaped(422, messagesOf(error.issues, request.body))
  const statusCode = statusOf(error)
  if (statusCode >= 500) return shaped(statusCode, { server: ['could not answer this request'] })
  return shaped(statusCode, { request: [error instanceof CovetError ? error.message : 'is not valid'] })
}

function shaped(statusCode: number, errors: ErrorMessages): MappedError {
  return { statusCode, body: { errors } }
}

/** An error nobody planned says nothing about itself to the outside. */
function statusOf(error: unknown): number {
  const { statusCode } = (error ?? {}) as { statusCode?: unknown }
  return typeof statusCode === 'number' && statusCode >= 400 ? statusCode : 500
}
