import type { ServiceName } from './definition.ts'

/** A server is not to be had here; the message says what to do. */
export class ServiceUnavailableError extends Error {
  override name = 'ServiceUnavailableError'
  readonly service: ServiceName

  constructor(service: ServiceName, reason: string) {
    super(reason)
    this.service = service
  }
}

/** A program that services depend on ended with an error. */
export class CommandFailedError extends Error {
  override name = 'CommandFailedError'

  constructor(command: string, outcome: string, output: string) {
    super(`${command} ended with ${outcome}${output.trim() ? `:\n${output.trim()}` : ''}`)
  }
}
