import { types } from 'node:util'
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

/** What the error says, of whatever realm it is: Jest's own globals are others than Node's. */
export function messageOf(error: unknown): string {
  return types.isNativeError(error) ? error.message : String(error)
}

/** What the work fails with, if it does: for callers to whom failing is an answer. */
export async function failureOf(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work
    return undefined
  } catch (error) {
    return messageOf(error)
  }
}
