import { answerWithin } from './patience.ts'
import type { Wire } from './wire.ts'

/** Ends what runs on a connection from a second one, opened for that. */
export class Canceller {
  readonly #open: () => Promise<Wire>

  constructor(open: () => Promise<Wire>) {
    this.#open = open
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
    }, answerWithin)
    try {
      other = await this.#open()
      await other.query(sql, false)
    } catch {
      // Whatever kept the server from being told, what runs there is not this process's any more.
      await wire.destroy()
    } finally {
      clearTimeout(limit)
      await other?.end()
    }
  }
}
