import { tracingChannel } from 'node:diagnostics_channel'
import type { Result } from './driver.ts'
import type { Events, FailureEvent, QueryEvent } from './events.ts'
import { toPromise, type MaybePromise } from './maybe-promise.ts'

/** What a subscriber of the tracing channel `covet:db.query` gets; filled as the query goes on. */
export interface QueryTrace {
  readonly connection: string
  readonly dialect: string
  readonly text: string
  waitMs?: number
  runMs?: number
  rows?: number
  changes?: number
  error?: unknown
}

const queries = tracingChannel<QueryTrace>('covet:db.query')
const slowByDefault = 200

export interface ObserverOptions {
  readonly connection: string
  readonly dialect: string
  readonly events: Events
  /** Milliseconds. */
  readonly slowOver: number | undefined
}

/** Measures queries for whoever listens; when nobody does, queries do not come here. */
export class Observer {
  readonly #options: ObserverOptions

  constructor(options: ObserverOptions) {
    this.#options = options
  }

  get active(): boolean {
    const { events } = this.#options
    return queries.hasSubscribers || events.has('query') || events.has('slow')
  }

  /** `run` calls `started` when it has its connection. */
  observe<Row>(text: string, run: (started: () => void) => MaybePromise<Result<Row>>): Promise<Result<Row>> {
    const { connection, dialect } = this.#options
    const trace: QueryTrace = { connection, dialect, text }
    return queries.tracePromise(() => this.#measured(trace, run), trace)
  }

  /** Something failed whose caller has got its answer already: listeners hear of it, else the process warns. */
  report(operation: FailureEvent['operation'], error: unknown): void {
    const { connection, events } = this.#options
    if (events.has('failure')) {
      events.emit('failure', { connection, operation, error })
      return
    }
    const what = error instanceof Error ? error.stack : String(error)
    process.emitWarning(
      `${operation} failed on connection '${connection}' after its caller had been answered: ${what}`,
      'CovetDatabaseWarning',
    )
  }

  async #measured<Row>(trace: QueryTrace, run: (started: () => void) => MaybePromise<Result<Row>>): Promise<Result<Row>> {
    const asked = performance.now()
    let started: number | undefined
    const begin = (): void => {
      started ??= performance.now()
    }
    const finish = (rows: number, changes: number, failure?: { error: unknown }): void => {
      const ended = performance.now()
      trace.waitMs = (started ?? ended) - asked
      trace.runMs = started === undefined ? 0 : ended - started
      trace.rows = rows
      trace.changes = changes
      this.#emit({ ...trace, waitMs: trace.waitMs, runMs: trace.runMs, rows, changes, ...failure })
    }
    try {
      const result = await toPromise(() => run(begin))
      finish(result.rows.length, result.changes)
      return result
    } catch (error) {
      finish(0, 0, { error })
      throw error
    }
  }

  #emit(event: QueryEvent): void {
    const { events, slowOver = slowByDefault } = this.#options
    events.emit('query', event)
    if (event.runMs > slowOver) events.emit('slow', event)
  }
}
