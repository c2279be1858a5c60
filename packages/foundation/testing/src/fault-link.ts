import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** Of a proxied connection: what the client sends, or what the server answers. */
export type Direction = 'request' | 'response'

/** The state of the line, which every connection of a proxy looks at for every piece it carries. */
export interface Line {
  /** Milliseconds each piece is late. */
  latency: number
  /** Bytes in a second, each way; `Infinity` for as fast as it goes. */
  bytesPerSecond: number
  /** Directions in which nothing arrives. */
  readonly held: ReadonlySet<Direction>
  /** Settles when `held` changes. */
  readonly changed: Promise<void>
}

interface Piece {
  readonly bytes: Buffer
  readonly due: number
}

/** More than this on its way and the sender is not read from, as with a full window. */
const window = 262_144
/** A throttled line moves a piece this often. */
const tick = 20

/** Carries one direction of one connection. */
export class FaultLink {
  readonly #source: Socket
  readonly #target: Socket
  readonly #direction: Direction
  readonly #line: () => Line
  readonly #pieces: Piece[] = []
  #queued = 0
  #ended = false
  #delivering = false

  constructor(direction: Direction, source: Socket, target: Socket, line: () => Line) {
    this.#direction = direction
    this.#source = source
    this.#target = target
    this.#line = line
    source.on('data', (bytes: Buffer) => this.#take(bytes))
    source.on('end', () => {
      this.#ended = true
      void this.#deliver()
    })
  }

  #take(bytes: Buffer): void {
    this.#pieces.push({ bytes, due: performance.now() + this.#line().latency })
    this.#queued += bytes.length
    if (this.#queued > window) this.#source.pause()
    void this.#deliver()
  }

  async #deliver(): Promise<void> {
    if (this.#delivering) return
    this.#delivering = true
    for (let piece = this.#pieces.shift(); piece; piece = this.#pieces.shift()) {
      const wait = piece.due - performance.now()
      if (wait > 0) await sleep(wait)
      await this.#write(piece.bytes)
      this.#queued -= piece.bytes.length
      if (this.#queued <= window) this.#source.resume()
    }
    if (this.#ended) {
      await this.#opened()
      this.#target.end()
    }
    this.#delivering = false
  }

  async #write(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      await this.#opened()
      const { bytesPerSecond } = this.#line()
      const size = Math.max(1, Math.min(bytes.length - at, Math.floor((bytesPerSecond * tick) / 1_000)))
      if (this.#target.destroyed) return
      const flushed = new Promise<void>((resolve) => this.#target.write(bytes.subarray(at, at + size), () => resolve()))
      await (bytesPerSecond === Infinity ? flushed : Promise.all([flushed, sleep(tick)]))
      at += size
    }
  }

  /** Bytes of a held direction are not lost: they arrive when the line heals, as TCP sends them again. */
  async #opened(): Promise<void> {
    while (this.#line().held.has(this.#direction) && !this.#target.destroyed) await this.#line().changed
  }
}
