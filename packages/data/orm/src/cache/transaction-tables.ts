import type { MaybePromise, Participant } from '@covet/db'
import { chained } from '../maybe.ts'
import type { Doubt, Doubts } from './doubts.ts'

/** The tables that a transaction, or a savepoint of it, has written: they get new versions around the commit. */
export class TransactionTables implements Participant {
  readonly #tables = new Set<string>()
  readonly #doubts: Doubts
  readonly #invalidate: (tables: readonly string[]) => MaybePromise<void>
  #doubt: Doubt | undefined

  constructor(doubts: Doubts, invalidate: (tables: readonly string[]) => MaybePromise<void>) {
    this.#doubts = doubts
    this.#invalidate = invalidate
  }

  add(tables: readonly string[]): void {
    for (let index = 0; index < tables.length; index += 1) this.#tables.add(tables[index] as string)
  }

  adopt(inner: TransactionTables): void {
    for (const table of inner.#tables) this.#tables.add(table)
  }

  /** Before as well: a process that ends in between has left nothing stale behind. */
  beforeCommit(): MaybePromise<void> {
    const tables = [...this.#tables]
    this.#doubt = this.#doubts.begin(tables)
    return this.#invalidate(tables)
  }

  afterCommit(): MaybePromise<void> {
    const doubt = this.#doubt
    if (doubt) return chained(this.#invalidate(doubt.tables), () => this.#doubts.end(doubt))
  }
}
