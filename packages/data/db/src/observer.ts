import { tracingChannel } from 'node:diagnostics_channel'
import { databaseWarning } from './advice.ts'
import type { Result, Statement } from './driver.ts'
import type { Events, FailureEvent, QueryEvent } from './events.ts'
import { isPromise, toPromise, type MaybePromise } from './maybe-promise.ts'
import { captureSite } from './pool/call-site.ts'
import type { Runtime } from './runtime.ts'
import type { SlowQueries } from './slow-queries.ts'

/** What a subscriber of the tracing channel `covet:db.query` gets; filled as the query goes on. */
export interface QueryTrace {
  readonly connection: string
  readonly dialect: string
  readonly text: string
  node?: string
  waitMs?: number
  runMs?: number
  rows?: number
  changes?: number
  error?: unknown
}

const queries = tracingChannel<QueryTrace>('covet:db.query')

export interface ObserverOptions {
  readonly connection: string
  readonly dialect: string
  readonly events: Events
  readonly slow: SlowQueries
  /** The share of queries whose call site is kept for the slow ones. */
  readonly callSites: number
  readonly runtime: Runtime
}

/** One query being measured. */
export interface Watch {
  /** It has its connection. */
  started(node: string): void
}

/** Measures queries for whoever listens; when nobody does, queries do not come here. */
export class Observer {
  readonly #options: ObserverOptions

  constructor(options: ObserverOptions) {
    this.#options = options
  }

  get active(): boolean {
    const { events } = this.#options
    return events.watched || queries.hasSubscribers
  }

  observe<Row>(statement: Statement, run: (watch: Watch) => MaybePromise<Result<Row>>): MaybePromise<Result<Row>> {
    const measured = this.#measure(statement)
    if (!queries.hasSubscribers) return runMeasured(measured, run)
    return queries.tracePromise(() => toPromise(() => runMeasured(measured, run)), measured.trace)
  }

  /** The rows as they come; what their reader does with them is not counted. */
  async *observeStream(statement: Statement, open: (watch: Watch) => AsyncIterable<unknown>): AsyncGenerator<unknown> {
    const measured = this.#measure(statement)
    const { trace } = measured
    queries.start.publish(trace)
    queries.end.publish(trace)
    let rows = 0
    try {
      const iterator = open(measured)[Symbol.asyncIterator]()
      try {
        for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
          rows += 1
          measured.pause()
          yield next.value
          measured.resume()
        }
      } finally {
        await iterator.return?.()
      }
      measured.finish(rows, 0)
    } catch (error) {
      measured.finish(rows, 0, { error })
      trace.error = error
      queries.error.publish(trace)
      throw error
    } finally {
      // A reader that stops early comes by here alone.
      measured.finish(rows, 0)
      queries.asyncStart.publish(trace)
      queries.asyncEnd.publish(trace)
    }
  }

  /** Something failed whose caller has got its answer already: listeners hear of it, else the process warns. */
  report(operation: FailureEvent['operation'], error: unknown): void {
    const { connection, events } = this.#options
    if (events.has('failure')) {
      events.emit('failure', { connection, operation, error })
      return
    }
    const what = error instanceof Error ? error.stack : String(error)
    process.emitWarning(`${operation} failed on connection '${connection}' after its caller had been answered: ${what}`, databaseWarning)
  }

  #measure({ text, params }: Statement): Measured {
    const { connection, dialect, events, slow, callSites, runtime } = this.#options
    const site = slow.wanted && (callSites === 1 || runtime.random() < callSites) ? captureSite() : undefined
    const finished = (event: QueryEvent): void => {
      events.emit('query', event)
      slow.consider(event, params, site)
    }
    return new Measured({ connection, dialect, text }, finished)
  }
}

class Measured implements Watch {
  readonly trace: QueryTrace
  readonly #asked = performance.now()
  readonly #finished: (event: QueryEvent) => void
  #started: number | undefined
  /** Milliseconds in which the query waited for its reader. */
  #paused = 0
  #pausedAt = 0
  #done = false

  constructor(trace: QueryTrace, finished: (event: QueryEvent) => void) {
    this.trace = trace
    this.#finished = finished
  }

  started(node: string): void {
    this.#started ??= performance.now()
    this.trace.node = node
  }

  pause(): void {
    this.#pausedAt = performance.now()
  }

  resume(): void {
    this.#paused += performance.now() - this.#pausedAt
    this.#pausedAt = 0
  }

  finish(rows: number, changes: number, failure?: { error: unknown }): void {
    if (this.#done) return
    this.#done = true
    if (this.#pausedAt > 0) this.resume()
    const ended = performance.now()
    const started = this.#started
    const waitMs = (started ?? ended) - this.#asked
    const runMs = started === undefined ? 0 : ended - started - this.#paused
    Object.assign(this.trace, { waitMs, runMs, rows, changes })
    this.#finished({ ...this.trace, waitMs, runMs, rows, changes, ...failure })
  }
}

function runMeasured<Row>(measured: Measured, run: (watch: Watch) => MaybePromise<Result<Row>>): MaybePromise<Result<Row>> {
  let outcome: MaybePromise<Result<Row>>
  try {
    outcome = run(measured)
  } catch (error) {
    measured.finish(0, 0, { error })
    throw error
  }
  if (isPromise(outcome)) return finishLater(measured, outcome)
  measured.finish(outcome.rows.length, outcome.changes)
  return outcome
}

async function finishLater<Row>(measured: Measured, outcome: Promise<Result<Row>>): Promise<Result<Row>> {
  try {
    const result = await outcome
    measured.finish(result.rows.length, result.changes)
    return result
  } catch (error) {
    measured.finish(0, 0, { error })
    throw error
  }
}
