import type { FastifyError } from 'fastify'
import { STATUS_CODES } from 'node:http'
import { CovetError, isCovetError } from './errors.ts'
import { InvalidHeaderError } from './http-errors.ts'
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
  if (isCovetError(error)) return error
  const reason = abortReason(error)
  if (reason) return reason
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

/** Node's own promises reject with an AbortError around the reason their signal gave, such as the client's departure. */
function abortReason(error: unknown): CovetError | undefined {
  const { name, cause } = (error ?? {}) as { name?: unknown; cause?: unknown }
  return name === 'AbortError' && isCovetError(cause) ? cause : undefined
}

/** Node refuses a line break in a header's value when the headers are written, which is after the handler. */
function isInvalidHeader(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown }
  return code === 'ERR_INVALID_CHAR' || code === 'ERR_HTTP_INVALID_HEADER_VALUE'
}
