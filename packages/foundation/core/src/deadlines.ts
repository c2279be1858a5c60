import type { FastifyInstance, FastifyReply, RouteOptions } from 'fastify'
import type { Socket } from 'node:net'
import { Connections, type InFlight } from './connections.ts'
import { DeadlineExceededError, RequestTimeoutError } from './http-errors.ts'
import { abortSignalOf } from './request-signal.ts'

const shortestInterval = 20
const longestInterval = 1_000
const kHandlerTimeout = Symbol('covet.handler-timeout')

type RouteConfig = object & { [kHandlerTimeout]?: number }

/**
 * Answers 503 for a handler that does not, and cuts a response whose client has stopped reading: one coarse sweep over
 * the busy connections, instead of a timer for every request (Fastify's `handlerTimeout` was measured at 1.5 µs).
 */
export class Deadlines {
  readonly connections: Connections
  readonly #timeout: number
  #shortest: number
  #timer: NodeJS.Timeout | undefined
  #now = 0

  /** @param timeout milliseconds a route has unless it sets its own; 0 for none */
  constructor(timeout: number) {
    this.#timeout = timeout
    this.#shortest = timeout === 0 ? Infinity : timeout
    this.connections = new Connections(() => this.#start())
  }

  /** Takes a route's own `handlerTimeout` away from Fastify, which would start a timer for every request. */
  adopt(route: RouteOptions): void {
    const timeout = route.handlerTimeout
    if (timeout === undefined) return
    delete route.handlerTimeout
    route.config = Object.assign({}, route.config, { [kHandlerTimeout]: timeout })
    if (timeout > 0) this.#shortest = Math.min(this.#shortest, timeout)
  }

  enter(reply: FastifyReply): void {
    this.connections.enter(reply, this.#now)
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #start(): number {
    this.#now = performance.now()
    // Without any time-out too: it is the sweep that lets go of connections which have become idle.
    if (this.#timer === undefined) {
      const interval = Math.min(Math.max(this.#shortest / 25, shortestInterval), longestInterval)
      this.#timer = setInterval(() => this.#sweep(), interval).unref()
    }
    return this.#now
  }

  #sweep(): void {
    this.#now = performance.now()
    for (const request of this.connections.inFlight()) {
      if (request.reply.raw.headersSent) this.#checkProgress(request)
      else if (this.#now - request.since >= this.#shortest) this.#checkDeadline(request)
    }
    if (this.connections.idle) this.stop()
  }

  #checkDeadline({ reply, since }: InFlight): void {
    const timeout = this.#timeoutOf(reply)
    if (timeout > 0 && this.#now - since >= timeout) expire(reply, timeout)
  }

  #timeoutOf(reply: FastifyReply): number {
    return (reply.request.routeOptions.config as RouteConfig)[kHandlerTimeout] ?? this.#timeout
  }

  /** A response on its way has as long again each time the peer has taken some of it. */
  #checkProgress(request: InFlight): void {
    const { reply } = request
    const { socket } = reply.raw
    if (!socket) return
    const waiting = reply.raw.writableLength + queuedBelow(socket)
    const taken = socket.bytesWritten - waiting
    const timeout = this.#timeoutOf(reply)
    if (waiting === 0 || taken !== request.taken) {
      request.taken = taken
      request.since = this.#now
    } else if (timeout > 0 && this.#now - request.since >= timeout) {
      reply.log.warn({ route: routeOf(reply) }, 'the client stopped reading, its connection is closed')
      abortSignalOf(reply.request, new DeadlineExceededError(timeout))
      socket.destroy()
    }
  }
}

/** The route's pattern, for logs. */
export function routeOf(reply: FastifyReply): string {
  const { method, routeOptions, url } = reply.request
  return `${method} ${routeOptions.url ?? url}`
}

function expire(reply: FastifyReply, timeout: number): void {
  // A body that is not here yet is the client's to answer for.
  const error = reply.request.raw.complete === false ? new RequestTimeoutError() : new DeadlineExceededError(timeout)
  reply.log.warn({ route: routeOf(reply) }, error.message)
  abortSignalOf(reply.request, error)
  // A listener of the signal may have answered.
  if (!reply.sent) reply.send(error)
}

/** Bytes the operating system has not taken yet, which no stream counts. */
function queuedBelow(socket: Socket & { _handle?: { writeQueueSize?: number } | null }): number {
  return socket._handle?.writeQueueSize ?? 0
}

/** Lets the routes of an application keep their own `handlerTimeout`, and watches every request of it. */
export function attachDeadlines(app: FastifyInstance, timeout: number): Deadlines {
  const deadlines = new Deadlines(timeout)
  app.addHook('onRoute', (route) => deadlines.adopt(route))
  app.addHook('onClose', (_app, done) => {
    deadlines.stop()
    done()
  })
  return deadlines
}
