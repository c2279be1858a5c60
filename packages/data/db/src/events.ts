/** One query that has ended. Parameters and rows are left out: they may be anybody's data. */
export interface QueryEvent {
  readonly connection: string
  readonly dialect: string
  /** The SQL text with placeholders. */
  readonly text: string
  /** Milliseconds until a connection was there. */
  readonly waitMs: number
  /** Milliseconds on the connection. */
  readonly runMs: number
  readonly rows: number
  readonly changes: number
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
  readonly operation: 'afterCommit' | 'rollback' | 'release'
  readonly error: unknown
}

export interface DatabaseEvents {
  query: QueryEvent
  slow: QueryEvent
  retry: RetryEvent
  failure: FailureEvent
}

export type DatabaseEventName = keyof DatabaseEvents
export type DatabaseListener<Name extends DatabaseEventName> = (event: DatabaseEvents[Name]) => void

type Listeners = { [Name in DatabaseEventName]: Set<DatabaseListener<Name>> }

/** Listeners by event. One that throws does so as an uncaught exception: a query never fails because of it. */
export class Events {
  readonly #listeners: Listeners = { query: new Set(), slow: new Set(), retry: new Set(), failure: new Set() }

  /** @returns a function that takes the listener off again */
  on<Name extends DatabaseEventName>(name: Name, listener: DatabaseListener<Name>): () => void {
    const listeners: Set<DatabaseListener<Name>> = this.#listeners[name]
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
    }
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
