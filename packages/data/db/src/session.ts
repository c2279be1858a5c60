import { requestScope } from '@covet/core'
import { RequestBusyError } from './errors.ts'
import { WaitQueue } from './pool/wait-queue.ts'
import { currentScope } from './scope.ts'
import type { DatabaseNode } from './topology/node.ts'

/** By database, what one request, or one `db.run`, did. */
export class Sessions {
  readonly #known = new Map<unknown, Session>()
  readonly #around: Sessions | undefined

  /** A database that is not bound here has the session it has around. */
  constructor(around?: Sessions) {
    this.#around = around
  }

  of(database: unknown): Session {
    const known = this.#known.get(database)
    if (known) return known
    const session = this.#around?.of(database) ?? new Session()
    this.#known.set(database, session)
    return session
  }

  /** Reads of the database have to have reached the position, beside what they have to see already. */
  bind(database: unknown, position: string | undefined): this {
    this.#known.set(database, new Session(position, this.#around?.of(database)))
    return this
  }
}

/** What one request did with one database, for as long as it lasts. */
export class Session {
  /** Replicas that have everything up to the position. */
  readonly proven: Set<DatabaseNode> = new Set()
  /** No replica is asked whether it got there before this time. */
  primaryUntil = 0
  readonly #queue = new WaitQueue<void>()
  readonly #around: Session | undefined
  #running = 0
  #writes = 0
  #covered = 0
  #position: string | undefined
  #locating: { readonly writes: number; readonly position: Promise<string | undefined> } | undefined

  /** `after`: a position that reads have to have reached; `around`: what this is a part of. */
  constructor(after?: string, around?: Session) {
    this.#position = after
    this.#around = around
    // What was written around it may be later than that position: where the primary is by now covers both.
    if (around?.isBound) this.#writes = 1
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
    this.#around?.wrote()
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
  const sessions = new Sessions()
  ofRequests.set(request, sessions)
  return sessions
}
