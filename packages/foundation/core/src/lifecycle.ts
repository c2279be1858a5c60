import { token, type Token } from './token.ts'

export type LifecycleState = 'starting' | 'ready' | 'listening' | 'draining' | 'closed'

/** Where the application is in its life. Readiness is off unless it is `ready` or `listening`. */
export class Lifecycle {
  #state: LifecycleState = 'starting'
  readonly #drain = new AbortController()
  /** Read on every request. */
  draining = false

  get state(): LifecycleState {
    return this.#state
  }

  /** Aborts when the drain begins: long-lived work such as event streams ends on it. */
  get signal(): AbortSignal {
    return this.#drain.signal
  }

  /** States only move on: a later one is never left for an earlier one. */
  advance(state: LifecycleState): void {
    const order: readonly LifecycleState[] = ['starting', 'ready', 'listening', 'draining', 'closed']
    if (order.indexOf(state) <= order.indexOf(this.#state)) return
    this.#state = state
    if (state !== 'draining' && state !== 'closed') return
    this.draining = true
    this.#drain.abort()
  }
}

/** The application's {@link Lifecycle}, provided by `createApp`. */
export const LifecycleToken: Token<'lifecycle', Lifecycle> = token('lifecycle')
