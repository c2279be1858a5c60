import type { Wire } from './wire.ts'

/** Ends what runs on a connection from a second one, opened for that. */
export class Canceller {
  readonly #open: () => Promise<Wire>
  readonly #timeout: number

  /** `timeout`: milliseconds the server has to answer, then `wire` is cut. */
  constructor(open: () => Promise<Wire>, timeout: number) {
    this.#open = open
    this.#timeout = timeout
  }

  /**
   * Ends the statement that runs on `wire`, whose answer is then on its way. Where that cannot be done `wire` is cut: it
   * must not be used while the server still works for it.
   */
  async endStatement(wire: Wire): Promise<void> {
    await this.#tell(wire, `kill query ${wire.threadId}`)
  }

  /** Ends the connection on the server too: a closed socket alone leaves its statement running. */
  async endConnection(wire: Wire): Promise<void> {
    await this.#tell(wire, `kill connection ${wire.threadId}`)
    await wire.destroy()
  }

  async #tell(wire: Wire, sql: string): Promise<void> {
    let other: Wire | undefined
    const limit = setTimeout(() => {
      void wire.destroy()
      void other?.destroy()
    }, this.#timeout)
    try {
      other = await this.#open()
      await other.query(sql, false)
    } catch {
      // Whatever kept the server from being told, what runs there is not this process's any more.
      await wire.destroy()
    } finally {
      clearTimeout(limit)
      await other?.end(this.#timeout)
    }
  }
}
