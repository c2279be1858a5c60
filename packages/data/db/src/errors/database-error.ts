import { CovetError } from '@covet/core'

export interface DatabaseErrorOptions {
  /** The driver's own error. */
  cause?: unknown
  /** The SQL text, without parameters. Never part of the message. */
  statement?: string | undefined
  /** Whether running the whole transaction again may succeed. */
  retryable?: boolean
  statusCode?: number
  /** Seconds after which a 503 is worth another try. @default 1 */
  retryAfter?: number
}

/** The base of every error of a database. Its message holds neither SQL nor values. */
export class DatabaseError extends CovetError {
  /** Whether running the whole transaction again may succeed; `retry` runs again after these only. */
  readonly retryable: boolean
  /** The SQL text, without parameters, for the log. */
  readonly statement?: string

  constructor(code: string, message: string, options: DatabaseErrorOptions = {}) {
    const { cause, statement, retryable = false, statusCode = 500, retryAfter = 1 } = options
    super(code, message, { cause, statusCode, ...(statusCode === 503 && { headers: { 'retry-after': String(retryAfter) } }) })
    this.retryable = retryable
    if (statement !== undefined) this.statement = statement
  }
}
