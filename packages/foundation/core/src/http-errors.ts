import { CovetError } from './errors.ts'

/** No route answers to the path. */
export class NotFoundError extends CovetError {
  constructor() {
    super('http/not-found', 'No resource answers to this path.', { statusCode: 404 })
  }
}

/** The handler did not answer within `handlerTimeout`. */
export class DeadlineExceededError extends CovetError {
  constructor(timeoutMs: number) {
    super('http/deadline-exceeded', `The handler did not answer within ${timeoutMs} ms.`, { statusCode: 503 })
  }
}

/** The request did not arrive in time. */
export class RequestTimeoutError extends CovetError {
  constructor() {
    super('http/request-timeout', 'The request did not arrive in time.', { statusCode: 408, headers: { connection: 'close' } })
  }
}

/** The `Host` header is missing, repeated or not a host. */
export class InvalidHostError extends CovetError {
  constructor() {
    super('http/invalid-host', 'The request must carry exactly one valid Host header.', { statusCode: 400 })
  }
}

/** The host is valid, but not one of `allowedHosts`. */
export class MisdirectedRequestError extends CovetError {
  constructor() {
    super('http/misdirected-request', 'This server does not answer for the requested host.', { statusCode: 421 })
  }
}

/** The media type, its charset or the content coding is not one the route accepts. */
export class UnsupportedMediaTypeError extends CovetError {
  constructor(detail: string) {
    super('http/unsupported-media-type', detail, { statusCode: 415 })
  }
}

/** The method is understood and never served here (TRACE, CONNECT). */
export class MethodNotAllowedError extends CovetError {
  constructor(allow: string = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS') {
    super('http/method-not-allowed', 'This method is not allowed here.', { statusCode: 405, headers: { allow } })
  }
}

/** More header fields than the limit. */
export class TooManyHeadersError extends CovetError {
  constructor(limit: number) {
    super('http/too-many-headers', `A request may carry at most ${limit} header fields.`, {
      statusCode: 431,
      headers: { connection: 'close' },
    })
  }
}

/** The request target is longer than the limit. */
export class UrlTooLongError extends CovetError {
  constructor(limit: number) {
    super('http/url-too-long', `The URL may be at most ${limit} bytes long.`, { statusCode: 414 })
  }
}

/** The query string has too many pairs or a forbidden name. */
export class InvalidQueryError extends CovetError {
  constructor(detail: string) {
    super('http/invalid-query', detail, { statusCode: 400 })
  }
}

/** A handler put a value into a response header that no header may carry, such as a line break a client sent. */
export class InvalidHeaderError extends CovetError {
  constructor(cause: unknown) {
    super('http/invalid-header', 'The request has a value that cannot be sent in a header.', { statusCode: 400, cause })
  }
}

/** The JSON body nests too deep, or an object has too many members. */
export class JsonLimitError extends CovetError {
  constructor(detail: string) {
    super('json/limit-exceeded', detail, { statusCode: 400 })
  }
}

/** An object of the JSON body has one member twice, on a route with `strictJson`. */
export class DuplicateMemberError extends CovetError {
  constructor() {
    super('json/duplicate-member', 'An object in the JSON body has the same member twice.', { statusCode: 400 })
  }
}

/** `trustProxy` was `true` or a number, which trust addresses that a client can make up. */
export class UnsafeTrustProxyError extends CovetError {
  constructor(value: unknown) {
    super(
      'http/unsafe-trust-proxy',
      `trustProxy: ${JSON.stringify(value)} trusts whatever a client sends. Name the proxies' addresses or CIDR ranges: ['10.0.0.0/8'].`,
    )
  }
}
