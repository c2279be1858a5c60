import { withDeadline } from '@covet/resilience'
import type { Connection, Driver, NodeRole } from '../driver.ts'
import { toPromise } from '../maybe-promise.ts'
import type { DatabaseNode } from './node.ts'

export interface Observation {
  readonly role: NodeRole
  readonly lagMs?: number
}

/** R5: asks one node how it is, on a connection of its own, so that a full pool is not taken for a dead server. */
export class Probe {
  readonly #node: DatabaseNode
  readonly #driver: Driver
  #connection: Connection | undefined
  #closed = false

  constructor(node: DatabaseNode, driver: Driver) {
    this.#node = node
    this.#driver = driver
  }

  /** @throws what went wrong, `DeadlineExceededError` among it */
  async ask(timeoutMs: number): Promise<Observation> {
    try {
      return await withDeadline(timeoutMs, (signal) => this.#ask(signal))
    } catch (error) {
      // Whatever it was, nothing may hang on this connection the next time.
      this.#drop()
      throw error
    }
  }

  close(): void {
    this.#closed = true
    this.#drop()
  }

  async #ask(signal: AbortSignal): Promise<Observation> {
    const connection = await this.#connected(signal)
    if (connection.replication) return connection.replication.status(signal)
    await connection.execute({ text: this.#driver.healthQuery, params: [] }, signal)
    return { role: this.#node.config.role }
  }

  async #connected(signal: AbortSignal): Promise<Connection> {
    if (this.#connection?.isOpen === true) return this.#connection
    const connection = await this.#node.config.connect('writer')
    if (signal.aborted || this.#closed) {
      await connection.close()
      signal.throwIfAborted()
    }
    this.#connection = connection
    return connection
  }

  #drop(): void {
    const connection = this.#connection
    this.#connection = undefined
    // It is given up because it does not answer: that it does not close either says nothing new.
    if (connection) toPromise(() => connection.close()).catch(() => undefined)
  }
}
