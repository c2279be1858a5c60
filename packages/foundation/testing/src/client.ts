import { CookieJar } from './cookie-jar.ts'
import { PendingResponse } from './pending-response.ts'
import { type Connection, connect, type Target } from './transport.ts'
import { type SentRequest, TestResponse } from './test-response.ts'

export interface ClientOptions {
  /** Sent with every request. */
  headers?: Readonly<Record<string, string>>
  /** Keeps the cookies it is given, as a browser does. @default a jar of its own */
  cookies?: CookieJar
}

export interface RequestOptions {
  headers?: Readonly<Record<string, string>>
  query?: Readonly<Record<string, string | number | boolean>>
  /** Sent as `application/json`. */
  json?: unknown
  /** Sent as it is; a form, a stream and bytes included. */
  body?: RequestInit['body']
  signal?: AbortSignal
}

/**
 * A visitor of an application, over a socket or in the process alike. Redirects are answers, not followed; cookies are
 * kept.
 */
export class HttpClient {
  readonly cookies: CookieJar
  readonly #connection: Connection
  readonly #headers: Readonly<Record<string, string>>

  constructor(connection: Connection, { headers = {}, cookies = new CookieJar() }: ClientOptions = {}) {
    this.#connection = connection
    this.#headers = headers
    this.cookies = cookies
  }

  /** The same visitor with more headers, such as an `authorization`. */
  with(headers: Readonly<Record<string, string>>): HttpClient {
    return new HttpClient(this.#connection, { headers: { ...this.#headers, ...headers }, cookies: this.cookies })
  }

  get(path: string, options?: RequestOptions): PendingResponse {
    return this.request('GET', path, options)
  }

  head(path: string, options?: RequestOptions): PendingResponse {
    return this.request('HEAD', path, options)
  }

  post(path: string, options?: RequestOptions): PendingResponse {
    return this.request('POST', path, options)
  }

  put(path: string, options?: RequestOptions): PendingResponse {
    return this.request('PUT', path, options)
  }

  patch(path: string, options?: RequestOptions): PendingResponse {
    return this.request('PATCH', path, options)
  }

  delete(path: string, options?: RequestOptions): PendingResponse {
    return this.request('DELETE', path, options)
  }

  /** Sends at once and reads the whole body. */
  request(method: string, path: string, options: RequestOptions = {}): PendingResponse {
    return new PendingResponse(this.#read({ method, path, body: shownBody(options) }, options))
  }

  /** The answer as it comes, for bodies that are streamed. */
  async stream(method: string, path: string, options: RequestOptions = {}): Promise<Response> {
    const response = await this.#connection.send(this.#toRequest(method, path, options))
    this.cookies.store(response.headers.getSetCookie())
    return response
  }

  async #read(request: SentRequest, options: RequestOptions): Promise<TestResponse> {
    const response = await this.stream(request.method, request.path, options)
    return new TestResponse(request, response, await response.bytes())
  }

  #toRequest(method: string, path: string, { headers = {}, query = {}, json, body, signal }: RequestOptions): Request {
    const url = new URL(path, this.#connection.origin)
    for (const [name, value] of Object.entries(query)) url.searchParams.append(name, String(value))
    const cookie = this.cookies.header()
    const init = {
      method,
      redirect: 'manual' as const,
      headers: {
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...(cookie !== undefined && { cookie }),
        ...this.#headers,
        ...headers,
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
      // A streamed body is sent while the answer may already come.
      ...(body !== undefined && body !== null && { body, duplex: 'half' as const }),
      ...(signal && { signal }),
    }
    return new Request(url, init)
  }
}

/**
 * A client for a URL, an application of `createApp`, a plain Fastify application, or a function `(Request) => Response`.
 */
export function httpClient(target: Target, options: ClientOptions = {}): HttpClient {
  return new HttpClient(connect(target), options)
}

function shownBody({ json, body }: RequestOptions): string | undefined {
  if (json !== undefined) return JSON.stringify(json)
  return typeof body === 'string' || body instanceof URLSearchParams ? String(body) : undefined
}
