import { DatabaseError, errors, type RowMode } from '@covet/db'
import { serialize } from 'pg-protocol'
import type { FieldDescription, Wire, WireValue } from './protocol.ts'
import { RowShape, type RawRow, type RowReader } from './row-shape.ts'

const noRows = new RowShape([])
const execute = serialize.execute({})
const sync = serialize.sync()

/** Bytes that are copied into one buffer faster than a socket takes a list of them. */
const fewBytes = 16_384

/** Sends all messages in one write. */
function send({ stream }: Wire, messages: readonly Uint8Array[]): void {
  if (!stream.writable) return
  let size = 0
  for (const { length } of messages) size += length
  if (size <= fewBytes) {
    stream.write(Buffer.concat(messages, size))
    return
  }
  stream.cork()
  for (const message of messages) stream.write(message)
  stream.uncork()
}

/**
 * What goes out in one write and what comes back until the server is ready again, as pg calls it. A failure is kept
 * until then: before the server is ready, the transaction's status is not known and nothing else may be sent.
 */
export abstract class Exchange {
  /** The first thing that went wrong. */
  failure: unknown
  /** Of the last command: `INSERT 0 1`, `SELECT 5`, `ROLLBACK`. */
  tag = ''

  abstract submit(wire: Wire): void

  handleError(error: unknown): void {
    this.failure ??= error
  }

  handleCommandComplete({ text }: { text: string }): void {
    this.tag = text
  }

  handleCopyInResponse(wire: Wire): void {
    // The server will say that the query was cancelled, as if somebody had wanted that.
    this.failure ??= new errors.QueryFailed('COPY FROM STDIN is not supported')
    wire.sendCopyFail('not supported')
  }

  handleCopyData(): void {
    this.failure ??= new errors.QueryFailed('COPY TO STDOUT is not supported')
  }

  handleRowDescription(_message: { fields: readonly FieldDescription[] }): void {}
  handleDataRow(_message: { fields: RawRow }): void {}
  handlePortalSuspended(): void {}
  handleEmptyQuery(): void {}
  handleReadyForQuery(): void {}
}

/** Statements without parameters in the simple protocol, their rows left where they are. */
export class Command extends Exchange {
  readonly #text: string

  constructor(text: string) {
    super()
    this.#text = text
  }

  submit(wire: Wire): void {
    wire.query(this.#text)
  }
}

export interface QueryMessage {
  /** The server's name of the prepared statement; empty for one that is forgotten at once. */
  readonly name: string
  /** Undefined when the server has parsed it already. */
  readonly text: string | undefined
  readonly values: readonly WireValue[]
  readonly rowMode: RowMode
  /** Of an earlier execution; undefined asks the server. */
  readonly shape: RowShape | undefined
  /** Prepared statements the server may forget. */
  readonly forget: readonly string[]
  /** Leaves the rows beyond this number in the portal. */
  readonly page?: Page
}

export interface Page {
  readonly portal: string
  readonly rows: number
}

/** One statement in the extended protocol. */
export class Query extends Exchange {
  readonly rows: unknown[] = []
  shape: RowShape | undefined
  suspended = false
  readonly #message: QueryMessage
  #read: RowReader

  constructor(message: QueryMessage) {
    super()
    this.#message = message
    this.shape = message.shape
    this.#read = (message.shape ?? noRows).reader(message.rowMode)
  }

  submit(wire: Wire): void {
    const { name, text, values, forget, page } = this.#message
    const portal = page?.portal ?? ''
    const messages = forget.map((old) => serialize.close({ type: 'S', name: old }))
    if (text !== undefined) messages.push(serialize.parse({ name, text }))
    messages.push(serialize.bind({ portal, statement: name, values: values as WireValue[] }))
    if (this.shape === undefined) messages.push(serialize.describe({ type: 'P', name: portal }))
    messages.push(page ? serialize.execute(page) : execute, sync)
    this.keepBytes(wire)
    send(wire, messages)
  }

  /** In row mode `bytes` the rows do not pass here. */
  protected keepBytes(wire: Wire): void {
    wire.rowSink = this.#message.rowMode === 'bytes' ? this.rows : undefined
  }

  override handleRowDescription({ fields }: { fields: readonly FieldDescription[] }): void {
    this.shape = new RowShape(fields)
    this.#read = this.shape.reader(this.#message.rowMode)
  }

  override handleDataRow({ fields }: { fields: RawRow }): void {
    if (this.failure !== undefined) return
    try {
      this.rows.push(this.#read(fields))
    } catch (error) {
      this.failure = error instanceof DatabaseError ? error : new errors.QueryFailed('a value it returned cannot be read', { cause: error })
    }
  }

  override handlePortalSuspended(): void {
    this.suspended = true
  }

  /** While it waits for a copy the server ignores a Sync: the one sent above is lost. */
  override handleCopyInResponse(wire: Wire): void {
    super.handleCopyInResponse(wire)
    wire.sync()
  }
}

/** The next rows of a portal. */
export class NextPage extends Query {
  readonly #page: Page

  constructor(page: Page, shape: RowShape | undefined, rowMode: RowMode) {
    super({ name: '', text: undefined, values: [], rowMode, shape: shape ?? noRows, forget: [] })
    this.#page = page
  }

  override submit(wire: Wire): void {
    this.keepBytes(wire)
    send(wire, [serialize.execute(this.#page), sync])
  }
}

export class ClosePortal extends Exchange {
  readonly #portal: string

  constructor(portal: string) {
    super()
    this.#portal = portal
  }

  submit(wire: Wire): void {
    send(wire, [serialize.close({ type: 'P', name: this.#portal }), sync])
  }
}
