import type { ProblemDocument, TestResponse } from './test-response.ts'

/** A request on its way: expectations can be stated before the answer is there. */
export class PendingResponse implements PromiseLike<TestResponse> {
  readonly #response: Promise<TestResponse>

  constructor(response: Promise<TestResponse>) {
    this.#response = response
  }

  // oxlint-disable-next-line unicorn/no-thenable -- awaiting it gives the response
  then<A = TestResponse, B = never>(
    fulfilled?: ((response: TestResponse) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#response.then(fulfilled, rejected)
  }

  expect(status: number): PendingResponse {
    return this.#next(this.expect, (response) => response.expect(status))
  }

  /** @see TestResponse.expectHeader */
  expectHeader(name: string, expected: string | RegExp | undefined): PendingResponse {
    return this.#next(this.expectHeader, (response) => response.expectHeader(name, expected))
  }

  expectProblem(status: number, code?: string): Promise<ProblemDocument> {
    return this.#settle(this.expectProblem, (response) => response.expectProblem(status, code))
  }

  json<T = unknown>(): Promise<T> {
    return this.#settle(this.json, (response) => response.json<T>())
  }

  text(): Promise<string> {
    return this.#response.then((response) => response.text())
  }

  #next(method: (...parameters: never[]) => unknown, check: (response: TestResponse) => TestResponse): PendingResponse {
    return new PendingResponse(this.#settle(method, check))
  }

  /** The answer comes later than the expectation: its error points to the line of the test that stated it. */
  #settle<T>(method: (...parameters: never[]) => unknown, check: (response: TestResponse) => T): Promise<T> {
    const stated: { stack?: string } = {}
    Error.captureStackTrace(stated, method)
    return this.#response.then((response) => {
      try {
        return check(response)
      } catch (error) {
        const lines = stated.stack?.split('\n').slice(1) ?? []
        if (error instanceof Error) error.stack = [`${error.name}: ${error.message}`, ...lines].join('\n')
        throw error
      }
    })
  }
}
