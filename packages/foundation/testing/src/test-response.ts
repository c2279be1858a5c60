import { UnexpectedResponseError } from './errors.ts'

/** A problem document (RFC 9457). */
export interface ProblemDocument {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail?: string
  readonly instance?: string
  readonly code?: string
  readonly [extension: string]: unknown
}

/** What was sent, as an error shows it. */
export interface SentRequest {
  readonly method: string
  readonly path: string
  readonly body: string | undefined
}

const longestBody = 4_000

/** An answer whose body was read. Its expectations throw {@link UnexpectedResponseError} and give the response back. */
export class TestResponse {
  readonly status: number
  readonly headers: Headers
  readonly body: Uint8Array
  readonly #request: SentRequest

  constructor(request: SentRequest, { status, headers }: Response, body: Uint8Array) {
    this.#request = request
    this.status = status
    this.headers = headers
    this.body = body
  }

  text(): string {
    return new TextDecoder().decode(this.body)
  }

  /** The body as JSON, of a JSON media type. */
  json<T = unknown>(): T {
    if (!/[/+]json\b/i.test(this.#mediaType)) throw this.#unexpected(`Expected JSON, got ${this.#mediaType || 'no media type'}.`)
    try {
      return JSON.parse(this.text()) as T
    } catch (error) {
      throw this.#unexpected(`Expected JSON: ${(error as Error).message}.`)
    }
  }

  expect(status: number): this {
    if (this.status !== status) throw this.#unexpected(`Expected status ${status}, got ${this.status}.`)
    return this
  }

  /** A text is the whole value; `undefined` means that the header is absent. */
  expectHeader(name: string, expected: string | RegExp | undefined): this {
    const value = this.headers.get(name)
    const matches = expected instanceof RegExp ? value !== null && expected.test(value) : value === (expected ?? null)
    if (!matches)
      throw this.#unexpected(`Expected header ${name} ${expected === undefined ? 'to be absent' : String(expected)}, got ${value}.`)
    return this
  }

  /** An `application/problem+json` answer with this status and code. */
  expectProblem(status: number, code?: string): ProblemDocument {
    this.expect(status)
    if (this.#mediaType !== 'application/problem+json') {
      throw this.#unexpected(`Expected application/problem+json, got ${this.#mediaType || 'no media type'}.`)
    }
    const problem = this.json<ProblemDocument>()
    if (problem.status !== status) throw this.#unexpected(`Expected the problem's status to be ${status}, got ${problem.status}.`)
    if (code !== undefined && problem.code !== code) throw this.#unexpected(`Expected problem '${code}', got '${problem.code}'.`)
    return problem
  }

  get #mediaType(): string {
    return (this.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  }

  #unexpected(expectation: string): UnexpectedResponseError {
    const { method, path, body } = this.#request
    const headers = [...this.headers].map(([name, value]) => `  ${name}: ${value}`)
    const exchange = [
      `${method} ${path}`,
      ...(body === undefined ? [] : [indent(body)]),
      `answered ${this.status}`,
      ...headers,
      indent(this.text()),
    ]
    return new UnexpectedResponseError(expectation, exchange.join('\n'), { status: this.status, body: this.text() })
  }
}

function indent(text: string): string {
  const shown = text.length > longestBody ? `${text.slice(0, longestBody)}… (${text.length} characters)` : text
  return shown.replaceAll(/^/gm, '  ')
}
