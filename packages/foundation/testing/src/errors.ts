import { CovetError } from '@covet/core'

/** A response is not the one the test expects. Says the request and the whole answer. */
export class UnexpectedResponseError extends Error {
  readonly status: number
  readonly body: string

  constructor(expectation: string, exchange: string, { status, body }: { status: number; body: string }) {
    super(`${expectation}\n\n${exchange}`)
    this.name = 'UnexpectedResponseError'
    this.status = status
    this.body = body
  }
}

/** A process ended, or the time was over, before it said that it is ready. */
export class ProcessNotReadyError extends CovetError {
  constructor(script: string, fact: string, output: string) {
    super('testing/process-not-ready', `${script} ${fact} before it was ready. It wrote:\n${output || '(nothing)'}`)
  }
}

/** A process did not write the line that was waited for. */
export class LineNotWrittenError extends CovetError {
  constructor(script: string, expected: string, fact: string, output: string) {
    super('testing/line-not-written', `${script} ${fact} without writing ${expected}. It wrote:\n${output || '(nothing)'}`)
  }
}

/** A raw connection did not bring the responses that were waited for. */
export class RawResponseTimeoutError extends CovetError {
  constructor(expected: string, received: string) {
    super('testing/raw-response-timeout', `Waited for ${expected} in vain. Received:\n${received || '(nothing)'}`)
  }
}

/** Bytes of a raw connection are no HTTP/1.1 response. */
export class RawResponseMalformedError extends CovetError {
  constructor(fact: string, received: string) {
    super('testing/raw-response-malformed', `The answer is not HTTP: ${fact}. Received:\n${received}`)
  }
}

/** A fixture needs itself, through others. */
export class FixtureCycleError extends CovetError {
  constructor() {
    super(
      'testing/fixture-cycle',
      'A fixture needs itself, through others. Break the circle: give one of them what it needs as an argument.',
    )
  }
}
