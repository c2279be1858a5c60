import { BoundedCache } from '@covet/db'
import { bind, interpolate } from './bind.ts'
import { errnoOf } from './map-error.ts'
import { hasFloat } from './read.ts'
import type { StatementFacts } from './statement-facts.ts'
import type { Reply, Wire } from './wire.ts'

export interface SenderOptions {
  /** Whether statements may be prepared on the server. */
  readonly prepare: boolean
  readonly statementCache: number
}

interface Use {
  count: number
  /** Stays with the text protocol. */
  asText: boolean
}

const preparedFrom = 3
const longestPrepared = 65_536
/** It cannot be prepared, there are too many prepared ones, or this one is not there any more: it did not run. */
const unprepared: ReadonlySet<number> = new Set([1243, 1295, 1461, 1615])

/** Sends statements as text, and those that come often as prepared ones. */
export class Sender {
  readonly #wire: Wire
  readonly #prepare: boolean
  readonly #uses: BoundedCache<Use>

  constructor(wire: Wire, { prepare, statementCache }: SenderOptions) {
    this.#wire = wire
    this.#prepare = prepare
    this.#uses = new BoundedCache(statementCache)
  }

  /**
   * Binds the parameters now, so that a wrong one shows before anything is sent; what it returns sends.
   * @throws {UnbindableValueError}
   */
  sender(text: string, facts: StatementFacts, params: readonly unknown[], asArray: boolean): () => Promise<Reply> {
    const use = this.#useOf(text, facts)
    if (use === undefined || use.asText || use.count < preparedFrom) return this.#asText(facts, params, asArray, use)
    const values = bind(params)
    return async () => {
      try {
        return await this.#wire.execute(text, values, asArray)
      } catch (error) {
        if (!unprepared.has(errnoOf(error))) throw error
        use.asText = true
        this.#wire.forget(text, asArray)
        return this.#asText(facts, params, asArray, use)()
      }
    }
  }

  #asText({ parts }: StatementFacts, params: readonly unknown[], asArray: boolean, use: Use | undefined): () => Promise<Reply> {
    const sql = interpolate(parts, params)
    if (use?.count !== preparedFrom - 1) return () => this.#wire.query(sql, asArray)
    return async () => {
      const reply = await this.#wire.query(sql, asArray)
      if (reply.fields && hasFloat(reply.fields)) use.asText = true
      return reply
    }
  }

  #useOf(text: string, { preparable }: StatementFacts): Use | undefined {
    if (!this.#prepare || !preparable || text.length > longestPrepared) return undefined
    const known = this.#uses.get(text)
    if (known) {
      known.count += 1
      return known
    }
    const use = { count: 1, asText: false }
    this.#uses.set(text, use)
    return use
  }
}
