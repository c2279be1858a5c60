import { type Duration, toMilliseconds } from '@covet/core'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { RawResponseTimeoutError } from './errors.ts'
import { parseResponse, type RawResponse } from './raw-response.ts'

/** How a connection ended: the server closed it (`end`), cut it (`reset`), or the test did (`local`). */
export type ConnectionEnd = 'end' | 'reset' | 'local'

export interface RawConnectionOptions {
  /** @default '127.0.0.1' */
  host?: string
  /** The longest wait for a response or the end. @default '10s' */
  timeout?: Duration
}

/** A socket of one's own to an HTTP server, for what no client would send. */
export class RawConnection implements AsyncDisposable {
  /** Settles when the connection is over; never rejects. */
  readonly closed: Promise<ConnectionEnd>
  readonly #socket: Socket
  readonly #timeout: number
  #received: Buffer = Buffer.alloc(0)
  #end: ConnectionEnd | undefined
  #wake: () => void = () => undefined

  private constructor(socket: Socket, timeout: number) {
    this.#socket = socket
    this.#timeout = timeout
    this.closed = new Promise((resolve) => {
      const over = (end: ConnectionEnd): void => {
        this.#end ??= end
        this.#wake()
        resolve(this.#end)
      }
      socket
        .on('end', () => over('end'))
        .on('error', () => over('reset'))
        .on('close', () => over('local'))
    })
    socket.on('data', (bytes: Buffer) => {
      this.#received = Buffer.concat([this.#received, bytes])
      this.#wake()
    })
  }

  static async open(port: number, { host = '127.0.0.1', timeout = '10s' }: RawConnectionOptions = {}): Promise<RawConnection> {
    const socket = connect({ port, host, noDelay: true, allowHalfOpen: true })
    await once(socket, 'connect')
    return new RawConnection(socket, toMilliseconds(timeout))
  }

  /** What came and is no complete response yet. */
  get rest(): string {
    return this.#received.toString('latin1')
  }

  /** @param bytes a string is sent as latin1: one byte a character */
  write(bytes: string | Uint8Array): void {
    this.#socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
  }

  /** Stops reading: the server's answer stays in the network. */
  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  /** Says that nothing more will be sent. */
  end(): void {
    this.#socket.end()
  }

  reset(): void {
    this.#socket.resetAndDestroy()
  }

  /**
   * The next response, an informational one (1xx) included; `undefined` when the connection ended without one.
   * @param isHead it answers a HEAD request
   * @throws {RawResponseTimeoutError}
   */
  async response({ isHead = false }: { isHead?: boolean } = {}): Promise<RawResponse | undefined> {
    const deadline = performance.now() + this.#timeout
    for (;;) {
      const parsed = parseResponse(this.#received, this.#end !== undefined, isHead)
      if (parsed) {
        this.#received = this.#received.subarray(parsed.length)
        return parsed.response
      }
      if (this.#end) return undefined
      await this.#news(deadline)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.destroy()
    await this.closed
  }

  async #news(deadline: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#wake = resolve
    const timer = setTimeout(() => reject(new RawResponseTimeoutError('a response', this.rest)), deadline - performance.now())
    await promise.finally(() => clearTimeout(timer))
  }
}

export function rawConnection(port: number, options: RawConnectionOptions = {}): Promise<RawConnection> {
  return RawConnection.open(port, options)
}

export interface RawExchange {
  readonly responses: readonly RawResponse[]
  /** How the server ended the connection; `undefined` when it did not. */
  readonly end: ConnectionEnd | undefined
  /** Bytes after the last complete response. */
  readonly rest: string
}

export interface RawHttpOptions extends RawConnectionOptions {
  /** Final responses to wait for; the connection's end always ends the wait. @default until the server closes */
  responses?: number
}

/**
 * Sends bytes as they are and collects what comes back: for smuggling, pipelining and malformed requests.
 * @throws {RawResponseTimeoutError} with what came, when it takes longer than `timeout`
 */
export async function rawHttp(
  port: number,
  bytes: string | Uint8Array,
  { responses = Infinity, ...options }: RawHttpOptions = {},
): Promise<RawExchange> {
  await using connection = await rawConnection(port, options)
  connection.write(bytes)
  const received: RawResponse[] = []
  while (received.filter(({ status }) => status >= 200).length < responses) {
    const response = await connection.response()
    if (!response) return { responses: received, end: await connection.closed, rest: connection.rest }
    received.push(response)
  }
  return { responses: received, end: undefined, rest: connection.rest }
}
