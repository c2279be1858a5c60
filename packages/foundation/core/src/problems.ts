import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { STATUS_CODES, validateHeaderValue } from 'node:http'
import { CovetError } from './errors.ts'
import { errorPage } from './error-page.ts'
import { InvalidHeaderError, NotFoundError } from './http-errors.ts'
import { plugin, type Plugin } from './plugin.ts'
import { ErrorMappers, type MappedError } from './slots.ts'
import { issuesOf, ValidationFailedError } from './validation-problem.ts'

/** A problem document (RFC 9457 §3.1), with the error's permanent `code`. */
export interface Problem {
  type: string
  title: string
  status: number
  detail?: string
  /** The request's id. */
  instance: string
  code: string
  [extension: string]: unknown
}

/** Fastify's own errors that a request can cause, as they are told to the client. */
const engineErrors: Readonly<Record<string, readonly [status: number, code: string, detail: string]>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'http/unsupported-media-type', 'The media type of the body is not supported here.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, 'http/invalid-content-length', 'The body is not as long as its Content-Length says.'],
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'http/body-too-large', 'The body is larger than this server accepts.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: [400, 'json/invalid', 'The body is not valid JSON.'],
  FST_ERR_CTP_INVALID_JSON_BODY: [400, 'json/invalid', 'The body is not valid JSON.'],
  FST_ERR_BAD_URL: [400, 'http/invalid-url', 'The path is not a valid URL component.'],
  FST_ERR_MAX_PARAM_LENGTH: [414, 'http/parameter-too-long', 'A parameter of the path is longer than this server accepts.'],
  FST_ERR_NOT_FOUND: [404, 'http/not-found', 'No resource answers to this path.'],
}

/** What an error is to the outside. The message of an error nobody planned stays inside. */
export function toCovetError(error: unknown): CovetError {
  if (error instanceof CovetError) return error
  if (isInvalidHeader(error)) return new InvalidHeaderError(error)
  const { code, statusCode, message, validation, validationContext, expose } = (error ?? {}) as Partial<FastifyError> & { expose?: unknown }
  if (validation) return new ValidationFailedError(issuesOf(validationContext, validation))
  const engine = typeof code === 'string' ? engineErrors[code] : undefined
  if (engine) return new CovetError(engine[1], engine[2], { statusCode: engine[0], cause: error })
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    const detail = expose === true && message !== undefined ? message : (STATUS_CODES[statusCode] ?? 'Bad Request')
    return new CovetError('http/client-error', detail, { statusCode, cause: error })
  }
  return new CovetError('http/internal-error', 'Internal Server Error', { cause: error })
}

export function toProblem(error: CovetError, instance: string): Problem {
  const { statusCode, code, message, extensions } = error
  return {
    type: 'about:blank',
    title: STATUS_CODES[statusCode] ?? 'Error',
    status: statusCode,
    detail: statusCode < 500 ? message : serverFault(statusCode),
    instance,
    code,
    ...extensions,
  }
}

function serverFault(statusCode: number): string {
  return statusCode === 503 ? 'The server cannot answer at the moment. Try again later.' : 'The server could not answer this request.'
}

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

/** Node refuses a line break in a header's value when the headers are written, which is after the handler. */
function isInvalidHeader(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown }
  return code === 'ERR_INVALID_CHAR' || code === 'ERR_HTTP_INVALID_HEADER_VALUE'
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
