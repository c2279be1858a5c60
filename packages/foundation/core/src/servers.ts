import type { FastifyInstance } from 'fastify'
import type { Server, ServerOptions } from 'node:http'
import type { Socket } from 'node:net'
import { isAnswering } from './connections.ts'
import type { ResolvedServerOptions } from './options.ts'
import { answerClientError, refuseConnect } from './server-errors.ts'

type ServerLimits = Pick<
  ResolvedServerOptions,
  | 'connectionsCheckingInterval'
  | 'headersTimeout'
  | 'keepAliveTimeout'
  | 'maxConnections'
  | 'maxHeaderSize'
  | 'maxHeaders'
  | 'maxRequestsPerSocket'
  | 'requestTimeout'
>

/** A connection that has not been taken over by another protocol has the parser of Node's HTTP server. */
type HttpSocket = Socket & { parser?: unknown }

/** The servers of one application: Fastify opens a second one when `localhost` has two addresses. */
export class Servers {
  readonly #servers = new Set<Server>()
  readonly #sockets = new Set<HttpSocket>()
  readonly #limits: ServerLimits

  constructor(limits: ServerLimits) {
    this.#limits = limits
  }

  /** For the servers that Fastify makes, with TLS or without. */
  get options(): ServerOptions {
    const { connectionsCheckingInterval, headersTimeout, keepAliveTimeout, maxHeaderSize, requestTimeout } = this.#limits
    // A repeated Host, Content-Type or Authorization is joined and then refused, instead of all but the first being dropped.
    return { connectionsCheckingInterval, headersTimeout, keepAliveTimeout, maxHeaderSize, requestTimeout, joinDuplicateHeaders: true }
  }

  /** Holds a server to the limits, one that an application brings itself too. */
  add(server: Server): void {
    const { maxConnections, maxHeaders, maxRequestsPerSocket } = this.#limits
    // Node drops what is over its limit: one more than ours, so that too many can be told and refused.
    Object.assign(server, this.options, { maxConnections, maxRequestsPerSocket, maxHeadersCount: maxHeaders + 1 })
    server.on('connect', refuseConnect)
    for (const event of ['connection', 'secureConnection']) server.on(event, (socket: HttpSocket) => this.#watch(socket))
    this.#servers.add(server)
  }

  /** Fastify keeps the servers of further addresses under a symbol that it does not export. */
  addFurther(app: FastifyInstance): void {
    const bindings = Object.getOwnPropertySymbols(app).find(({ description }) => description === 'fastify.serverBindings')
    const further = bindings ? (app as unknown as Record<symbol, Server[]>)[bindings] : undefined
    for (const server of further ?? []) {
      server.on('clientError', answerClientError)
      this.add(server)
    }
  }

  /**
   * Fastify waits for its first server to close, and then closes services: that now waits for the other servers too, and
   * for `answered`, the requests that came by none of them.
   */
  closeTogether(first: Server, answered: () => Promise<unknown>): void {
    const close = first.close.bind(first)
    first.close = (callback) => {
      const others = [...this.#servers].filter((server) => server !== first)
      const closed = Promise.all(others.map((server) => new Promise((resolve) => server.close(resolve))))
      return close((error) => void closed.then(answered).then(() => callback?.(error)))
    }
  }

  /** Node's own leaves open what has never sent a byte, such as the connections a browser opens in advance. */
  closeIdleConnections(): void {
    for (const server of this.#servers) server.closeIdleConnections()
    for (const socket of this.#sockets) if (socket.bytesRead === 0) socket.destroy()
  }

  /** Node stops watching `headersTimeout` when a server closes: a header section half sent would keep it open. */
  closeHalfSent(): void {
    for (const socket of this.#sockets) if (socket.parser && !isAnswering(socket)) socket.destroy()
  }

  closeAllConnections(): void {
    for (const server of this.#servers) server.closeAllConnections()
  }

  #watch(socket: HttpSocket): void {
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
  }
}
