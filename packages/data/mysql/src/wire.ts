import type { Socket } from 'node:net'
import type { Connection, FieldPacket, QueryError, ResultSetHeader } from 'mysql2'
import { setMultiStatements } from './set-option.ts'

/** What the server answered to one statement, or to a script. */
export interface Reply {
  /** The first result set, when there is one. */
  readonly rows: unknown[]
  readonly fields: readonly FieldPacket[] | undefined
  /** The answers that were no result set. */
  readonly headers: readonly StatusHeader[]
}

export interface StatusHeader {
  readonly affectedRows: number
  /** A text where it is beyond 2^53. */
  readonly insertId: number | string
  readonly serverStatus: number
  /** Settings of the session that the statement changed. */
  readonly stateChanges?: { readonly systemVariables: Readonly<Record<string, string>>; readonly schema: string | null } | undefined
}

/** Rows that come while they are read. */
export interface RowSource {
  readonly onFields: (fields: readonly FieldPacket[]) => void
  readonly onRow: (row: unknown) => void
  /** At the end, with what ended it early. May come again. */
  readonly onEnd: (error: unknown) => void
}

/** One mysql2 connection with promises instead of callbacks. */
export class Wire {
  readonly threadId: number
  /** As the server greeted: `11.4.2-MariaDB`, `8.4.0`. */
  readonly serverVersion: string
  readonly #connection: Connection
  readonly #socket: Socket
  readonly #lostListeners = new Set<(error: unknown) => void>()
  #lost: { error: unknown } | undefined
  #closed = false

  constructor(connection: Connection, socket: Socket, greeting: { serverVersion: string; connectionId: number }) {
    this.#connection = connection
    this.#socket = socket
    this.threadId = greeting.connectionId
    this.serverVersion = greeting.serverVersion
    connection.on('error', (error: unknown) => this.#lose(error))
    socket.once('close', () => this.#lose(connectionOver()))
  }

  get isOpen(): boolean {
    return !this.#closed && this.#lost === undefined
  }

  /** Calls `listener` once when the connection ends without `end`. @returns a function that takes it off again */
  onLost(listener: (error: unknown) => void): () => void {
    if (this.#lost) listener(this.#lost.error)
    else this.#lostListeners.add(listener)
    return () => this.#lostListeners.delete(listener)
  }

  query(sql: string, rowsAsArray: boolean): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.#connection.query({ sql, rowsAsArray }, (error, rows, fields) => this.#answer({ error, rows, fields }, resolve, reject))
    })
  }

  /** As a prepared statement, prepared unless it is. */
  execute(sql: string, values: unknown[], rowsAsArray: boolean): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.#connection.execute({ sql, rowsAsArray, values: values as string[] }, (error, rows, fields) =>
        this.#answer({ error, rows, fields }, resolve, reject),
      )
    })
  }

  /** Frees the prepared statement, if there is one. */
  forget(sql: string, rowsAsArray: boolean): void {
    if (this.isOpen) this.#connection.unprepare({ sql, rowsAsArray } as unknown as string)
  }

  /** Sends the rows to `source` as they come; `pause` and `resume` hold the server back. */
  stream(sql: string, rowsAsArray: boolean, source: RowSource): void {
    const query = this.#connection.query({ sql, rowsAsArray })
    let failure: QueryError | undefined
    query.on('fields', (fields: FieldPacket[]) => source.onFields(fields))
    query.on('result', (row: unknown) => source.onRow(row))
    query.on('error', (error: QueryError) => {
      failure = error
      this.#noticeFatal(error)
    })
    // A connection that is over ends its commands without an event.
    const over = (): void => source.onEnd(this.#lost?.error ?? connectionOver())
    this.#socket.once('close', over)
    query.on('end', () => {
      this.#socket.off('close', over)
      source.onEnd(failure)
    })
  }

  pause(): void {
    this.#connection.pause()
  }

  resume(): void {
    this.#connection.resume()
  }

  /** @returns the server's status flags */
  multiStatements(on: boolean): Promise<number> {
    return setMultiStatements(this.#connection, on)
  }

  /** Ends the connection with a word to the server, which has so many milliseconds to close it. */
  end(timeout: number): Promise<void> {
    if (!this.isOpen) return this.destroy()
    this.#closed = true
    return new Promise((resolve) => {
      const patience = setTimeout(() => this.#socket.destroy(), timeout)
      this.#socket.once('close', () => {
        clearTimeout(patience)
        resolve()
      })
      this.#connection.end()
    })
  }

  /** Cuts the connection; what runs on it fails. */
  destroy(): Promise<void> {
    this.#closed = true
    if (this.#socket.closed) return Promise.resolve()
    return new Promise((resolve) => {
      this.#socket.once('close', () => resolve())
      this.#socket.destroy()
    })
  }

  #answer(
    { error, rows, fields }: { error: QueryError | null; rows: unknown; fields: unknown },
    resolve: (reply: Reply) => void,
    reject: (error: unknown) => void,
  ): void {
    if (error) {
      this.#noticeFatal(error)
      reject(error)
    } else resolve(toReply(rows, fields))
  }

  #noticeFatal(error: QueryError): void {
    if (error.fatal) this.#lose(error)
  }

  #lose(error: unknown): void {
    if (this.#closed || this.#lost) return
    this.#lost = { error }
    this.#socket.destroy()
    for (const listener of this.#lostListeners) listener(error)
    this.#lostListeners.clear()
  }
}

function connectionOver(): Error {
  return Object.assign(new Error('The connection is over.'), { fatal: true, code: 'PROTOCOL_CONNECTION_LOST' })
}

/** A procedure or a script answers with several results, and mysql2 then with arrays of what it else gives. */
function toReply(rows: unknown, fields: unknown): Reply {
  const several = Array.isArray(fields) && (Array.isArray(fields[0]) || fields[0] === undefined) && fields.length > 0
  const results = several ? (rows as unknown[]) : [rows]
  const columns = several ? (fields as unknown[]) : [fields]
  const first = results.findIndex((result) => Array.isArray(result))
  const headers = results.filter((result) => !Array.isArray(result)) as ResultSetHeader[]
  return {
    rows: first === -1 ? [] : (results[first] as unknown[]),
    fields: first === -1 ? undefined : (columns[first] as FieldPacket[] | undefined),
    headers: headers as readonly StatusHeader[],
  }
}
