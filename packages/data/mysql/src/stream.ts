import { errors, type RowMode } from '@covet/db'
import type { FieldPacket } from 'mysql2'
import { type Row, rowReader, type RowReader } from './read.ts'
import type { RowSource, Wire } from './wire.ts'

const highWater = 256
/** Milliseconds in which what is left of a stream nobody reads may come by itself; then the server is told to end it. */
const leftoversWithin = 50

export interface StreamOptions {
  readonly rowMode: RowMode
  readonly mapped: (error: unknown) => Error
  /** Milliseconds the reader waits for the server to send something; 0 for any time. */
  readonly limit: number
  /** What it then fails with. */
  readonly expired: () => Error
  /** Ends the statement on the server. */
  readonly stop: () => Promise<void>
  /** Milliseconds the server has to answer once it was told to end the statement. */
  readonly patience: number
  /** Cuts the connection, where ending the statement does not end it. */
  readonly cut: () => void
}

/** Rows from the socket, which is held back while more than a few wait to be read. */
export async function* streamRows(rows: RowQueue, sql: string, signal: AbortSignal | undefined): AsyncGenerator<unknown> {
  signal?.throwIfAborted()
  const abort = (): void => rows.wake()
  signal?.addEventListener('abort', abort, { once: true })
  try {
    rows.ask(sql)
    while (await rows.arrive()) {
      for (const row of rows.take()) {
        signal?.throwIfAborted()
        yield row
      }
      signal?.throwIfAborted()
    }
    signal?.throwIfAborted()
    rows.assertWhole()
  } finally {
    signal?.removeEventListener('abort', abort)
    await rows.discard()
  }
}

/** What one statement gives, between the socket and its reader. */
export class RowQueue implements RowSource {
  readonly #wire: Wire
  readonly #options: StreamOptions
  readonly #ended: PromiseWithResolvers<void> = Promise.withResolvers()
  #waiting: Row[] = []
  #taken: Row[] = []
  #read: RowReader | undefined
  #failure: unknown
  /** Nothing was asked yet. */
  #over = true
  #paused = false
  #discarding = false
  #discarded: Promise<void> | undefined
  /** Somebody else had use for the connection, before all rows had come. */
  #left = false
  #woken: PromiseWithResolvers<void> | undefined
  #watch: NodeJS.Timeout | undefined
  #expired = false

  constructor(wire: Wire, options: StreamOptions) {
    this.#wire = wire
    this.#options = options
  }

  ask(sql: string): void {
    this.#over = false
    this.#wire.stream(sql, this.#options.rowMode !== 'object', this)
  }

  onFields(fields: readonly FieldPacket[]): void {
    this.#read = rowReader(fields, this.#options.rowMode)
  }

  onRow(row: unknown): void {
    if (this.#discarding) return
    this.#waiting.push(row as Row)
    this.wake()
    if (this.#waiting.length < highWater || this.#paused) return
    this.#paused = true
    this.#wire.pause()
  }

  onEnd(error: unknown): void {
    if (this.#over) return
    this.#over = true
    this.#failure = error
    clearTimeout(this.#watch)
    this.#ended.resolve()
    this.wake()
  }

  /** Lets `arrive` look again. */
  wake(): void {
    this.#woken?.resolve()
    this.#woken = undefined
  }

  /** Resolves when there are rows, with true, or an end or a call of `wake`; with false once nothing more comes. */
  async arrive(): Promise<boolean> {
    if (this.#waiting.length === 0 && !this.#over) {
      this.#woken = Promise.withResolvers()
      this.#watchServer()
      this.#flow()
      await this.#woken?.promise
      if (this.#expired) await this.discard()
    }
    return this.#waiting.length > 0 || !this.#over
  }

  *take(): Generator<unknown> {
    const rows = this.#waiting
    this.#waiting = []
    this.#taken = rows
    for (const row of rows) {
      this.#read?.(row)
      yield row
    }
  }

  /** @throws what kept the reader from having all rows */
  assertWhole(): void {
    const { mapped, expired } = this.#options
    const failure = this.#failure === undefined ? undefined : mapped(this.#failure)
    if (this.#left) throw failure instanceof errors.ConnectionLost ? failure : new errors.StreamEndedError()
    // A server that did not say that it ended anything may still be at it.
    if (this.#expired) throw failure instanceof errors.ConnectionLost ? failure : expired()
    if (failure !== undefined) throw failure
  }

  /** Ends what is not over, for somebody else: what its reader has not had by then is lost to it. */
  async leave(): Promise<void> {
    if (this.#over) return
    this.#left = true
    this.#taken.length = 0
    this.#waiting = []
    await this.discard()
  }

  /** Ends what is not over, so that the connection is free. */
  discard(): Promise<void> {
    this.#discarded ??= this.#over ? Promise.resolve() : this.#end()
    return this.#discarded
  }

  async #end(): Promise<void> {
    this.#discarding = true
    const { stop, cut, patience } = this.#options
    let stopped: Promise<void> | undefined
    let limit = setTimeout(
      () => {
        // Rows that are read here are rows the server goes on to send.
        this.#wire.pause()
        stopped = stop().then(() => {
          limit = setTimeout(cut, patience)
          this.#wire.resume()
        })
      },
      this.#expired ? 0 : leftoversWithin,
    )
    clearTimeout(this.#watch)
    this.#flow()
    await this.#ended.promise
    await stopped
    clearTimeout(limit)
  }

  /** One timer for all waits: it is left running while the reader has rows, which costs less than a timer each. */
  #watchServer(): void {
    if (this.#watch) this.#watch.refresh()
    else if (this.#options.limit > 0) this.#watch = setTimeout(() => this.#expire(), this.#options.limit)
  }

  #expire(): void {
    if (this.#woken === undefined) return
    this.#expired = true
    this.wake()
  }

  #flow(): void {
    if (!this.#paused) return
    this.#paused = false
    this.#wire.resume()
  }
}
