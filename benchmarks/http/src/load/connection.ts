import { connect, type Socket } from 'node:net'
import { once } from 'node:events'
import { AnswerReader } from './answer-reader.ts'

/** Called with the milliseconds between request and complete answer; says whether to send another. */
export type OnAnswer = (status: number, elapsedMs: number) => boolean

/** One keep-alive connection with one request under way at a time. */
export class Connection {
  readonly #socket: Socket
  readonly #requests: readonly Buffer[]
  readonly #reader = new AnswerReader()
  #next: number
  #sentAt = 0
  #onAnswer: OnAnswer | undefined
  #finished: ((error?: Error) => void) | undefined

  private constructor(socket: Socket, requests: readonly Buffer[], offset: number) {
    this.#socket = socket
    this.#requests = requests
    this.#next = offset % requests.length
    socket.setNoDelay(true)
    socket.on('data', (chunk) => this.#read(chunk))
    socket.on('error', (error) => this.#finished?.(error))
    socket.on('close', () => this.#finished?.(new Error('The contender closed a connection during the run.')))
  }

  static async open(port: number, requests: readonly Buffer[], offset: number): Promise<Connection> {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    return new Connection(socket, requests, offset)
  }

  /** Sends request after request until `onAnswer` says no; resolves with nothing under way. */
  run(onAnswer: OnAnswer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#onAnswer = onAnswer
      this.#finished = (error) => {
        this.#finished = undefined
        if (error) reject(error)
        else resolve()
      }
      this.#send()
    })
  }

  close(): void {
    this.#finished = undefined
    this.#socket.destroy()
  }

  #send(): void {
    const request = this.#requests[this.#next] as Buffer
    this.#next = (this.#next + 1) % this.#requests.length
    this.#sentAt = performance.now()
    this.#socket.write(request)
  }

  #read(chunk: Buffer): void {
    const status = this.#reader.push(chunk)
    if (status === undefined) return
    if (this.#onAnswer?.(status, performance.now() - this.#sentAt)) this.#send()
    else this.#finished?.()
  }
}
