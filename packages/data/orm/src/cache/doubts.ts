/** Tables whose rows may be about to change, or have changed without a word of it. */
export interface Doubt {
  readonly tables: readonly string[]
  /** On the clock of {@link Doubts}. */
  readonly until: number
}

export interface DoubtsOptions {
  /** Milliseconds a doubt lasts that nobody ends: longer than a commit may take whose answer is lost. @default 10_000 */
  readonly lasts?: number
  /** Milliseconds on a clock that only goes forward. @default performance.now */
  readonly now?: () => number
}

/**
 * What is written but not known to be over: nobody tells of the end of a commit that failed, and it may have happened. Until
 * the time is over, or somebody ends the doubt, the tables are read from the database.
 */
export class Doubts {
  readonly #lasts: number
  readonly #now: () => number
  /** By table, those that began first first. */
  readonly #open = new Map<string, Set<Doubt>>()
  /** Tables of doubts that ran out: their answers must not be asked for any more. */
  readonly #over = new Set<string>()

  constructor({ lasts = 10_000, now = () => performance.now() }: DoubtsOptions = {}) {
    this.#lasts = lasts
    this.#now = now
  }

  begin(tables: readonly string[]): Doubt {
    const doubt = { tables, until: this.#now() + this.#lasts }
    for (const table of tables) {
      this.#sweep(table)
      const open = this.#open.get(table)
      if (open) open.add(doubt)
      else this.#open.set(table, new Set([doubt]))
    }
    return doubt
  }

  end(doubt: Doubt): void {
    for (const table of doubt.tables) this.#remove(table, doubt)
  }

  /** Whether one of the tables may change at any moment. */
  concern(tables: readonly string[]): boolean {
    if (this.#open.size === 0) return false
    for (const table of tables) this.#sweep(table)
    return tables.some((table) => this.#open.has(table))
  }

  /** Those of the tables whose doubt ran out since they were last said to be {@link settled}. */
  over(tables: readonly string[]): readonly string[] {
    return this.#over.size === 0 ? [] : tables.filter((table) => this.#over.has(table))
  }

  settled(tables: readonly string[]): void {
    for (const table of tables) this.#over.delete(table)
  }

  #sweep(table: string): void {
    const open = this.#open.get(table)
    if (!open) return
    const now = this.#now()
    for (const doubt of open) {
      if (doubt.until > now) return
      this.#remove(table, doubt)
      this.#over.add(table)
    }
  }

  #remove(table: string, doubt: Doubt): void {
    const open = this.#open.get(table)
    open?.delete(doubt)
    if (open?.size === 0) this.#open.delete(table)
  }
}
