import type { FastifyReply } from 'fastify'
import type { Socket } from 'node:net'

const kConnection = Symbol('covet.connection')

/** One request being answered. */
export interface InFlight {
  readonly reply: FastifyReply
  /** When it came, or when its response last made progress. Milliseconds. */
  since: number
  /** Bytes the peer had taken at the last look, once the response was on its way; −1 before. */
  taken: number
}

interface Connection extends Omit<InFlight, 'reply'> {
  /** Let go once it is over: an idle connection would keep a request's body for as long as it lives. */
  reply: FastifyReply | undefined
  listed: boolean
  /** Requests a client pipelined while an earlier one was not answered yet. */
  earlier: InFlight[] | undefined
}

type TrackedSocket = Socket & { [kConnection]?: Connection }

/**
 * The requests being answered, kept by connection. A request costs two writes to an object that lives as long as its
 * socket: it has no timer, no list entry and no listener of its own.
 */
export class Connections {
  #busy: Connection[] = []
  readonly #wake: () => number

  /** @param wake called when the first connection becomes busy; answers what time it is */
  constructor(wake: () => number) {
    this.#wake = wake
  }

  /** @param now milliseconds, as coarse as the sweep */
  enter(reply: FastifyReply, now: number): void {
    const socket = reply.request.raw.socket as TrackedSocket
    const connection = socket[kConnection]
    if (connection === undefined) {
      this.#list((socket[kConnection] = { reply, since: now, taken: -1, listed: true, earlier: undefined }))
      return
    }
    if (isInFlight(connection)) {
      connection.earlier ??= []
      connection.earlier.push({ reply: connection.reply, since: connection.since, taken: connection.taken })
    }
    connection.reply = reply
    connection.since = now
    connection.taken = -1
    if (!connection.listed) {
      connection.listed = true
      this.#list(connection)
    }
  }

  /** Requests still being answered; connections that have become idle are dropped on the way. */
  *inFlight(): Generator<InFlight> {
    const busy = this.#busy
    this.#busy = []
    for (const connection of busy) {
      if (connection.earlier) {
        connection.earlier = connection.earlier.filter(({ reply }) => !isOver(reply))
        yield* connection.earlier
        if (connection.earlier.length === 0) connection.earlier = undefined
      }
      if (isInFlight(connection)) yield connection
      if (connection.earlier || isInFlight(connection)) {
        this.#busy.push(connection)
        continue
      }
      connection.listed = false
      if (!isHijacked(connection)) connection.reply = undefined
    }
  }

  /** Resolves when the requests that are in flight now are answered. */
  async answered(): Promise<void> {
    await Promise.all(Array.from(this.inFlight(), ({ reply }) => over(reply)))
  }

  get idle(): boolean {
    return this.#busy.length === 0
  }

  #list(connection: Connection): void {
    this.#busy.push(connection)
    if (this.#busy.length === 1) connection.since = this.#wake()
  }
}

/** Whether a request of this connection has reached the application and is not over, a hijacked one included. */
export function isAnswering(socket: Socket): boolean {
  const connection = (socket as TrackedSocket)[kConnection]
  return connection !== undefined && (isInFlight(connection) || isHijacked(connection))
}

function over({ raw }: FastifyReply): Promise<void> {
  return new Promise((resolve) => {
    raw.once('finish', resolve).once('close', resolve)
  })
}

function isHijacked({ reply }: Connection): boolean {
  return reply !== undefined && isOver(reply) && !reply.raw.writableFinished && !reply.raw.destroyed
}

function isInFlight(connection: Connection): connection is Connection & InFlight {
  return connection.reply !== undefined && !isOver(connection.reply)
}

/**
 * Flushed, cut, or hijacked: nobody waits for this reply any more. One that has ended and is not flushed yet still
 * counts: its client may have stopped reading.
 */
function isOver({ raw, sent }: FastifyReply): boolean {
  return raw.writableFinished || raw.destroyed || (sent && !raw.writableEnded)
}
