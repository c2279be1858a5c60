import type { EventEmitter } from 'node:events'
import type { Duplex } from 'node:stream'
import type { Client } from 'pg'

/** The messages of pg's connection that an exchange sends; its published types lag behind them. */
export interface Wire extends EventEmitter {
  readonly stream: Duplex & { remoteAddress?: string }
  connect(port: number | string, host?: string): void
  requestSsl(): void
  cancel(processId: number, secretKey: number): void
  query(text: string): void
  sync(): void
  sendCopyFail(reason: string): void
  /** Parses what the stream brings, and emits each message. */
  attachListeners: (stream: Duplex) => void
  /** Where rows go as they come, until the server is ready again. */
  rowSink?: unknown[] | undefined
}

/** A parameter as it goes out: text, bytes, or NULL. */
export type WireValue = string | Buffer | null

/** What pg's client has beyond its published types. */
export interface ClientInside {
  readonly connection: Wire
  readonly processID: number
  readonly secretKey: number
  /** Takes anything that submits itself, and calls it back with what comes. */
  query(exchange: { submit(wire: Wire): void }): void
  /** The parameters of the startup message. */
  getStartupConf: () => Record<string, string>
}

export function insideOf(client: Client): ClientInside {
  return client as unknown as ClientInside
}

export interface FieldDescription {
  readonly name: string
  readonly dataTypeID: number
}
