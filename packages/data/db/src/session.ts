import { requestScope } from '@covet/core'
import { RequestBusyError } from './errors.ts'
import { WaitQueue } from './pool/wait-queue.ts'
import { currentScope } from './scope.ts'
import type { DatabaseNode } from './topology/node.ts'

/** By database, what one request, or one `db.run`, did. */
export type Sessions = Map<unknown, Session>

/** What one request did with one database, for as long as it lasts. */
export class Session {
  /** Replicas that have everything up to the position. */
  readonly proven: Set<DatabaseNode> = new Set()
  /** No replica is asked whether it got there before this time. */
  primaryUntil = 0
  readonly #queue = new WaitQueue<void>()
  #running = 0
  #writes = 0
  #covered = 0
  #position: string | undefined
  #locating: { readonly writes: number; readonly position: Promise<string | undefined> } | undefined

  /** `after`: a position that reads have to have reached. */
  constructor(after?: string) {
    this.#position = after
  }

  /** Whether reads have to see something before them. */
  get isBound(): boolean {
    return this.#position !== undefined || this.#writes > 0
  }

  /** The position that covers every write so far, once it was asked for. */
  get position(): string | undefined {
    return this.#covered === this.#writes ? this.#position : undefined
  }

  /** A write ended, whatever came of it. */
  wrote(): void {
    this.#writes += 1
    this.primaryUntil = 0
  }

  /** Asks for a position that covers the writes so far, once for all who want to know at the same time. */
  locate(ask: () => Promise<string | undefined>): Promise<string | undefined> {
    const writes = this.#writes
    if (this.#locating?.writes !== writes) this.#locating = { writes, position: this.#locate(ask, writes) }
    return this.#locating.position
  }

  /** Trap 15: waits until fewer than `limit` of this request's queries have a connection. */
  async enter(limit: number, timeout: number, signal: AbortSignal | undefined): Promise<void> {
    if (this.#running >= limit) await this.#queue.wait({ timeout, signal, timedOut: () => new RequestBusyError(limit, timeout) })
    else this.#running += 1
  }

  leave(): void {
    if (!this.#queue.grant()) this.#running -= 1
  }

  async #locate(ask: () => Promise<string | undefined>, writes: number): Promise<string | undefined> {
    const position = await ask().finally(() => {
      if (this.#locating?.writes === writes) this.#locating = undefined
    })
    if (position === undefined) return undefined
    this.#position = position
    this.#covered = writes
    this.proven.clear()
    return position
  }
}

const ofRequests = new WeakMap<object, Sessions>()

/** Those of the scope around the caller, or of the request being answered. */
export function currentSessions(): Sessions | undefined {
  const scope = currentScope()
  if (scope?.sessions) return scope.sessions
  const request = requestScope.current()
  if (request === undefined) return undefined
  const known = ofRequests.get(request)
  if (known) return known
  const sessions: Sessions = new Map()
  ofRequests.set(request, sessions)
  return sessions
}

export function sessionOf(database: unknown, sessions: Sessions | undefined): Session | undefined {
  if (sessions === undefined) return undefined
  const known = sessions.get(database)
  if (known) return known
  const session = new Session()
  sessions.set(database, session)
  return session
}
