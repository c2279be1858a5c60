import type { FastifyReply, FastifyRequest } from 'fastify'

export type Hook = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => void

/**
 * A Fastify hook from a function that may be synchronous or not. The chain ends where the function throws, or answers
 * and returns `reply`.
 * @param settle takes what the function gave, before the chain goes on
 */
export function hookOf(
  run: (request: FastifyRequest, reply: FastifyReply) => unknown,
  settle?: (request: FastifyRequest, value: unknown) => void,
): Hook {
  return (request, reply, done) => {
    const proceed = (value: unknown): void => {
      if (value === reply || reply.sent) return
      settle?.(request, value)
      done()
    }
    let value: unknown
    try {
      value = run(request, reply)
    } catch (error) {
      done(toError(error))
      return
    }
    // A reply is a thenable that settles with the response: it must not be waited for here.
    if (value === reply || !isThenable(value)) proceed(value)
    else value.then(proceed, (error: unknown) => done(toError(error)))
  }
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}

/** Fastify takes a falsy error for success. */
export function toError(error: unknown): Error {
  return error instanceof Error ? error : new TypeError('Something that is not an Error was thrown.', { cause: error })
}
