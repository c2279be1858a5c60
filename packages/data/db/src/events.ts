import type { BreakerState } from '@covet/resilience'
import type { NodeRole, Role } from './driver.ts'

/** One query that has ended. Rows are left out, and parameters too: they may be anybody's data. */
export interface QueryEvent {
  readonly connection: string
  readonly dialect: string
  /** The node that answered, unless none was reached. */
  readonly node?: string
  /** The SQL text with placeholders. */
  readonly text: string
  /** Milliseconds until a connection was there. */
  readonly waitMs: number
  /** Milliseconds on the connection; of a stream, those in which its reader waited for rows. */
  readonly runMs: number
  readonly rows: number
  readonly changes: number
  readonly error?: unknown
}

export interface SlowEvent extends QueryEvent {
  /** The same for all statements that differ in their parameters alone, and in how many there are in a list. */
  readonly shape: string
  /** The types of the parameters, or with `slowQuery.params: 'show'` their values. */
  readonly params: readonly unknown[]
  /** `file:line:column` of who asked, where that was looked at; see `pool.callSites`. */
  readonly site?: string
  /** The rows of EXPLAIN, with `slowQuery.explain` once per shape and hour. */
  readonly plan?: readonly unknown[]
}

export interface AcquireEvent {
  readonly connection: string
  readonly node: string
  readonly role: Role
  readonly waitMs: number
}

/** A connection came back with a transaction open, which was rolled back. */
export interface LeakEvent {
  readonly connection: string
  readonly node: string
  readonly role: Role
  readonly heldMs: number
  /** The stack of who took the connection, where that was looked at; see `pool.callSites`. */
  readonly stack?: string
}

/** A node has another role or state than before, or became the one that is written to. */
export interface NodeEvent {
  readonly connection: string
  readonly node: string
  readonly role: NodeRole
  readonly state: 'up' | 'lagging' | 'down'
  /** Whether writes go there. */
  readonly primary: boolean
  readonly lagMs?: number
  readonly error?: unknown
}

export interface BreakerEvent {
  readonly connection: string
  readonly node: string
  readonly state: BreakerState
  /** The failure that opened it. */
  readonly error?: unknown
}

export interface RetryEvent {
  readonly connection: string
  /** 1 for the first time the callback is run again. */
  readonly attempt: number
  readonly delayMs: number
  readonly error: unknown
}

/** Something failed whose caller has got its answer already. */
export interface FailureEvent {
  readonly connection: string
  readonly operation: 'afterCommit' | 'afterRollback' | 'rollback' | 'release' | 'explain'
  readonly error: unknown
}

export interface DatabaseEvents {
  query: QueryEvent
  slow: SlowEvent
  acquire: AcquireEvent
  leak: LeakEvent
  node: NodeEvent
  breaker: BreakerEvent
  retry: RetryEvent
  failure: FailureEvent
}

export type DatabaseEventName = keyof DatabaseEvents
export type DatabaseListener<Name extends DatabaseEventName> = (event: DatabaseEvents[Name]) => void

type Listeners = { [Name in DatabaseEventName]: Set<DatabaseListener<Name>> }

/** Listeners by event. One that throws does so as an uncaught exception: a query never fails because of it. */
export class Events {
  readonly #listeners: Listeners = {
    query: new Set(),
    slow: new Set(),
    acquire: new Set(),
    leak: new Set(),
    node: new Set(),
    breaker: new Set(),
    retry: new Set(),
    failure: new Set(),
  }

  /** @returns a function that takes the listener off again */
  on<Name extends DatabaseEventName>(name: Name, listener: DatabaseListener<Name>): () => void {
    const listeners: Set<DatabaseListener<Name>> = this.#listeners[name]
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
    }
  }

  /** Whether anybody wants to hear of queries. */
  get watched(): boolean {
    return this.#listeners.query.size > 0 || this.#listeners.slow.size > 0
  }

  has(name: DatabaseEventName): boolean {
    return this.#listeners[name].size > 0
  }

  emit<Name extends DatabaseEventName>(name: Name, event: DatabaseEvents[Name]): void {
    const listeners: Set<DatabaseListener<Name>> = this.#listeners[name]
    for (const listener of listeners) {
      try {
        listener(event)
      } catch (error) {
        process.nextTick(() => {
          throw error
        })
      }
    }
  }
}
