import type { RowMode } from '@covet/db'
import type { FieldPacket } from 'mysql2'
import { type Row, rowReader, type RowReader } from './read.ts'
import type { RowSource, Wire } from './wire.ts'

const highWater = 256
/** Milliseconds in which what is left of a stream nobody reads may come by itself; then the server is told to end it. */
const leftoversWithin = 50

export interface StreamOptions {
  readonly rowMode: RowMode
  readonly signal: AbortSignal | undefined
  readonly mapped: (error: unknown) => unknown
  /** Ends the statement on the server. */
  readonly stop: () => Promise<void>
  /** Milliseconds the server has to answer once it was told to end the statement. */
  readonly patience: number
  /** Cuts the connection, where ending the statement does not end it. */
  readonly cut: () => void
}

/** Rows from the socket, which is held back while more than a few wait to be read. */
export async function* streamRows(wire: Wire, sql: string, options: StreamOptions): AsyncGenerator<unknown> {
  const { rowMode, signal, mapped } = options
  signal?.throwIfAborted()
  const rows = new RowQueue(wire, rowMode)
  const abort = (): void => rows.wake()
  signal?.addEventListener('abort', abort, { once: true })
  try {
    wire.stream(sql, rowMode !== 'object', rows)
    while (await rows.arrive()) {
      for (const row of rows.take()) {
        signal?.throwIfAborted()
        yield row
      }
      signal?.throwIfAborted()
    }
    signal?.throwIfAborted()
    if (rows.failure !== undefined) throw mapped(rows.failure)
  } finally {
    signal?.removeEventListener('abort', abort)
    await rows.discard(options)
  }
}

class RowQueue implements RowSource {
  failure: unknown
  readonly #wire: Wire
  readonly #rowMode: RowMode
  readonly #ended: PromiseWithResolvers<void> = Promise.withResolvers()
  #waiting: Row[] = []
  #read: RowReader | undefined
  #over = false
  #paused = false
  #discarding = false
  #woken: PromiseWithResolvers<void> | undefined

  constructor(wire: Wire, rowMode: RowMode) {
    this.#wire = wire
    this.#rowMode = rowMode
  }

  onFields(fields: readonly FieldPacket[]): void {
    this.#read = rowReader(fields, this.#rowMode)
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
    this.failure = error
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
      this.#flow()
      await this.#woken?.promise
    }
    return this.#waiting.length > 0 || !this.#over
  }

  *take(): Generator<unknown> {
    const rows = this.#waiting
    this.#waiting = []
    for (const row of rows) {
      this.#read?.(row)
      yield row
    }
  }

  /** Ends what is not over, so that the connection is free. */
  async discard({ stop, cut, patience }: StreamOptions): Promise<void> {
    if (this.#over) return
    this.#discarding = true
    let stopped: Promise<void> | undefined
    let limit = setTimeout(() => {
      // Rows that are read here are rows the server goes on to send.
      this.#wire.pause()
      stopped = stop().then(() => {
        limit = setTimeout(cut, patience)
        this.#wire.resume()
      })
    }, leftoversWithin)
    this.#flow()
    await this.#ended.promise
    await stopped
    clearTimeout(limit)
  }

  #flow(): void {
    if (!this.#paused) return
    this.#paused = false
    this.#wire.resume()
  }
}
