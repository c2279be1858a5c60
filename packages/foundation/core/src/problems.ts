import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { validateHeaderValue } from 'node:http'
import type { CovetError } from './errors.ts'
import { errorPage } from './error-page.ts'
import { InvalidHeaderError, NotFoundError } from './http-errors.ts'
import { armLastResort } from './last-resort.ts'
import { plugin, type Plugin } from './plugin.ts'
import { toCovetError, toProblem } from './problem.ts'
import { ErrorMappers, type MappedError } from './slots.ts'

/** Answers errors and unknown paths as problem documents, or as an application's error mappers say. */
export function attachProblems(app: FastifyInstance, { showErrorPages }: { showErrorPages: boolean }): void {
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply, showErrorPages))
  app.setNotFoundHandler((request, reply) => answerError(new NotFoundError(), request, reply, false))
}

/** Problem documents in a plain Fastify application; `createApp` has them anyway. */
export const problems = (): Plugin =>
  plugin({
    name: '@covet/core/problems',
    setup: (app) => attachProblems(app, { showErrorPages: false }),
  })

export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply, showErrorPages: boolean): void {
  armLastResort(reply)
  const known = toCovetError(error)
  if (known instanceof InvalidHeaderError) removeInvalidHeaders(reply)
  log(error, known, request)
  const mapped = map(error, known, request) ?? problemAnswer(known, request)
  for (const [name, value] of Object.entries(known.headers ?? {})) reply.header(name, value)
  for (const [name, value] of Object.entries(mapped.headers ?? {})) reply.header(name, value)
  if (showErrorPages && known.statusCode >= 500 && wantsHtml(request)) {
    void reply.code(known.statusCode).type('text/html; charset=utf-8').send(errorPage(error, request))
    return
  }
  // A string: what the route declares for its own answers says nothing about an error's.
  void reply
    .code(mapped.statusCode)
    .type(mapped.contentType ?? 'application/json; charset=utf-8')
    .serializer(String)
    .send(JSON.stringify(mapped.body))
}

function problemAnswer(error: CovetError, request: FastifyRequest): MappedError {
  return { statusCode: error.statusCode, body: toProblem(error, request.id), contentType: 'application/problem+json' }
}

function removeInvalidHeaders(reply: FastifyReply): void {
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    try {
      for (const each of [value].flat()) validateHeaderValue(name, String(each))
    } catch {
      // What Node's own check refuses is what has to go.
      reply.removeHeader(name)
    }
  }
}

/** The innermost mapper that answers wins; one that fails is passed over, so that an error is always answered. */
function map(error: unknown, known: CovetError, request: FastifyRequest): MappedError | undefined {
  for (const mapper of request.server.services.all(ErrorMappers).toReversed()) {
    try {
      const mapped = mapper(known.code === 'http/client-error' || known.code === 'http/internal-error' ? error : known, request)
      if (mapped) return mapped
    } catch (failure) {
      request.log.error({ err: failure }, 'an error mapper failed')
    }
  }
  return undefined
}

function log(error: unknown, { statusCode }: CovetError, request: FastifyRequest): void {
  if (statusCode >= 500) request.log.error({ err: error }, 'request failed')
  else request.log.debug({ err: error }, 'request refused')
}

function wantsHtml({ headers }: FastifyRequest): boolean {
  return headers.accept?.includes('text/html') ?? false
}
