import { CovetError } from '@covet/core'

/** The dependency failed so often that it is left alone for a while: nothing was asked of it. */
export class CircuitOpenError extends CovetError {
  /** Milliseconds until it is tried again. */
  readonly retryAfterMs: number

  constructor(retryAfterMs: number, cause: unknown) {
    super(
      'resilience/circuit-open',
      `A dependency failed repeatedly and is left alone for ${Math.ceil(retryAfterMs)} ms. Look at the cause, which is its last failure.`,
      { cause, statusCode: 503, headers: { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1_000))) } },
    )
    this.retryAfterMs = retryAfterMs
  }
}

/** The work did not end in time. Its signal was aborted with this error. */
export class DeadlineExceededError extends CovetError {
  constructor(ms: number) {
    super('resilience/deadline-exceeded', `The work did not end within ${ms} ms. Make it cheaper, or give it longer.`, { statusCode: 503 })
  }
}

/** An option has a value that means nothing. */
export class InvalidResilienceOptionError extends CovetError {
  constructor(option: string, value: unknown, expected: string) {
    super('resilience/invalid-option', `\`${option}\` is ${String(value)}, but must be ${expected}.`)
  }
}
