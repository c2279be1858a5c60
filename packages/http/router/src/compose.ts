import type { FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify'
import { type Hook, hookOf, toError } from './hook.ts'
import type { AnyMiddleware } from './middleware.ts'

type Around = NonNullable<AnyMiddleware['around']>
type After = NonNullable<AnyMiddleware['after']>
type OnError = NonNullable<AnyMiddleware['onError']>
type ErrorHandler = (this: never, error: Error, request: FastifyRequest, reply: FastifyReply) => unknown
type SendHook = (
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: (error?: Error | null, payload?: unknown) => void,
) => void
type FailureHook = (request: FastifyRequest, reply: FastifyReply, error: Error, done: () => void) => void

/** The parts of a route that middleware act on, as Fastify names them. */
export interface Composed {
  handler: RouteHandlerMethod
  preHandler: readonly Hook[]
  onSend: readonly SendHook[]
  onError: readonly FailureHook[]
  errorHandler: ErrorHandler | undefined
}

/** Turns a route's middleware, outermost first, into Fastify's hooks, once. A stage that nobody declares leaves nothing. */
export function compose(
  middleware: readonly AnyMiddleware[],
  handler: RouteHandlerMethod,
  errorHandler: ErrorHandler | undefined,
): Composed {
  const arounds = middleware.flatMap((one) => (one.around ? [one.around.bind(one)] : []))
  const afters = middleware.flatMap((one) => (one.after ? [one.after.bind(one)] : [])).toReversed()
  const onErrors = middleware.flatMap((one) => (one.onError ? [one.onError.bind(one)] : [])).toReversed()
  const wrapped = arounds.toReversed().reduce(wrap, handler)
  const preHandler = middleware.flatMap((one) => (one.before ? [hookOf(one.before.bind(one), adder(one.adds))] : []))
  const composed = { handler: wrapped, preHandler, onSend: [], onError: [], errorHandler: handleErrors(onErrors, errorHandler) }
  return afters.length === 0 ? composed : { ...composed, ...runAfter(afters, wrapped) }
}

function adder(names: readonly string[]): ((request: FastifyRequest, value: unknown) => void) | undefined {
  if (names.length === 0) return undefined
  return (request, value) => {
    for (const name of names) Reflect.set(request, name, (value as Readonly<Record<string, unknown>>)[name])
  }
}

function wrap(handler: RouteHandlerMethod, around: Around): RouteHandlerMethod {
  return function (request, reply) {
    return around(request, reply, async () => {
      const result = handler.call(this, request, reply)
      // A handler that returns nothing answers through reply, later; waiting for the reply waits for its answer.
      return result === undefined && !reply.sent ? reply : result
    })
  }
}

/** `after` runs for requests that reached the handler and did not fail. */
function runAfter(afters: readonly After[], handler: RouteHandlerMethod): Pick<Composed, 'handler' | 'onSend' | 'onError'> {
  const handled = new WeakSet<FastifyRequest>()
  return {
    handler(request, reply) {
      handled.add(request)
      return handler.call(this, request, reply)
    },
    onSend: afters.map((after): SendHook => {
      const run = hookOf(after)
      return (request, reply, payload, done) => {
        if (!handled.has(request)) done(null, payload)
        else run(request, reply, (error) => (error ? done(error) : done(null, payload)))
      }
    }),
    onError: [
      (request, _reply, _error, done) => {
        handled.delete(request)
        done()
      },
    ],
  }
}

/** The innermost middleware sees the error first; the route's own handler, then the context's, see what is left of it. */
function handleErrors(onErrors: readonly OnError[], own: ErrorHandler | undefined): ErrorHandler | undefined {
  if (onErrors.length === 0) return own
  return async function (error, request, reply) {
    let current: Error = error
    for (const onError of onErrors) {
      const outcome = onError(current, request, reply)
      if (outcome === reply) return reply
      const settled: unknown = await outcome
      if (reply.sent) return reply
      if (settled instanceof Error) current = settled
    }
    if (!own) throw toError(current)
    return (await own.call(this, current, request, reply)) ?? reply
  }
}
