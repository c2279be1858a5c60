import type { FastifyInstance } from 'fastify'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Deadlines, routeOf } from './deadlines.ts'
import { CovetError } from './errors.ts'
import type { Lifecycle } from './lifecycle.ts'
import { abortSignalOf } from './request-signal.ts'
import type { Servers } from './servers.ts'

const sweepInterval = 50
/** What a client has to finish a header section in that it had begun to send. */
const forHeaders = 1_000
/** What services have to close in once the requests were cut. */
const afterCut = 1_000

/** The drain's deadline came, or a second signal. The reason of the `request.signal` of every request that was cut. */
export class ShuttingDownError extends CovetError {
  constructor() {
    super('http/shutting-down', 'The server is shutting down.', { statusCode: 503 })
  }
}

export interface DrainOutcome {
  /** Whether requests had to be cut, or closing had to be given up. */
  forced: boolean
}

/** What is drained. */
export interface Drained {
  app: FastifyInstance
  lifecycle: Lifecycle
  deadlines: Deadlines
  servers: Servers
}

/**
 * Ends an application without losing a request: readiness turns off, after `delay` it stops listening, requests that are
 * running finish and tell their clients to close, then services close. At `deadline`, or when `force` aborts, what is
 * left is cut.
 */
export async function drain(
  { app, lifecycle, deadlines, servers }: Drained,
  { delay, deadline, force }: { delay: number; deadline: number; force?: AbortSignal },
): Promise<DrainOutcome> {
  const cut = AbortSignal.any([AbortSignal.timeout(deadline + delay), ...(force ? [force] : [])])
  lifecycle.advance('draining')
  app.log.info('draining')
  closeAfterAnswer(deadlines)
  if (delay > 0) await sleep(delay, undefined, { signal: cut }).catch(ignoreAbort)
  const closed = app.close().then(() => 'closed' as const)
  if ((await Promise.race([closed, aborted(cut)])) === 'closed') return { forced: false }
  cutRequests(app, deadlines)
  servers.closeAllConnections()
  await Promise.race([closed, sleep(afterCut, undefined, { ref: false })])
  return { forced: true }
}

/**
 * Lets an application close as soon as its last request is answered. Fastify's own close waits for connections that fall
 * idle after its one sweep: with one keep-alive request in flight it was measured at 74 s.
 */
export function closeConnectionsAsTheyFallIdle({ app, lifecycle, deadlines, servers }: Drained): void {
  let sweep: NodeJS.Timeout | undefined
  const closeIdle = (): void => {
    closeAfterAnswer(deadlines)
    servers.closeIdleConnections()
  }
  servers.closeTogether(app.server, () => deadlines.connections.answered())
  app.addHook('preClose', async () => {
    lifecycle.advance('draining')
    closeIdle()
    const began = performance.now()
    sweep = setInterval(() => {
      closeIdle()
      if (performance.now() - began > forHeaders) servers.closeHalfSent()
    }, sweepInterval)
  })
  app.addHook('onClose', async () => {
    clearInterval(sweep)
    lifecycle.advance('closed')
  })
}

/** Requests that came before the drain have passed the hook that would tell their clients to close. */
function closeAfterAnswer({ connections }: Deadlines): void {
  for (const { reply } of connections.inFlight()) reply.raw.shouldKeepAlive = false
}

function cutRequests(app: FastifyInstance, { connections }: Deadlines): void {
  for (const { reply } of Array.from(connections.inFlight())) {
    app.log.warn({ route: routeOf(reply), reqId: reply.request.id }, 'cut at the drain deadline')
    abortSignalOf(reply.request, new ShuttingDownError())
    reply.raw.destroy()
  }
}

function aborted(signal: AbortSignal): Promise<'aborted'> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve('aborted')
    else signal.addEventListener('abort', () => resolve('aborted'), { once: true })
  })
}

function ignoreAbort(error: unknown): void {
  if ((error as Error).name !== 'AbortError') throw error
}
