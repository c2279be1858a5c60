import type { FastifyInstance, FastifyRequest } from 'fastify'
import { replyOf } from './context.ts'
import { CovetError } from './errors.ts'

const kController = Symbol('covet.abort-controller')
const kAborted = Symbol('covet.aborted')

interface SignalState {
  [kController]?: AbortController
  [kAborted]?: Error
}

/** The client closed the connection before it had its answer. The reason of `request.signal`. */
export class ClientDisconnectedError extends CovetError {
  constructor() {
    super('http/client-disconnected', 'The client closed the connection.', { statusCode: 499 })
  }
}

/**
 * `request.signal`: aborted when the client is gone or the deadline is over, made on first use. Fastify's own listens to
 * the request's `close`, which comes as soon as a body is read, so it aborts handlers that are still at work.
 */
export function attachRequestSignal(app: FastifyInstance): void {
  app.decorateRequest('signal', {
    getter(this: FastifyRequest) {
      const request = this as FastifyRequest & SignalState
      request[kController] ??= openController(request)
      return request[kController].signal
    },
  })
}

/** Aborts `request.signal`, also when nobody has asked for it yet. */
export function abortSignalOf(request: FastifyRequest, reason: Error): void {
  const state = request as FastifyRequest & SignalState
  state[kAborted] ??= reason
  state[kController]?.abort(reason)
}

function openController(request: FastifyRequest & SignalState): AbortController {
  const controller = new AbortController()
  const response = replyOf(request)?.raw
  if (request[kAborted]) controller.abort(request[kAborted])
  else if (response?.destroyed && !response.writableFinished) controller.abort(new ClientDisconnectedError())
  else {
    response?.once('close', () => {
      if (!response.writableFinished) controller.abort(new ClientDisconnectedError())
    })
  }
  return controller
}
