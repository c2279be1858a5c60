import { randomBytes } from 'node:crypto'
import { BoundedCache } from '@covet/db'
import type { RowShape } from '../wire/row-shape.ts'

const usesToPrepare = 3
/** Texts whose uses are counted. */
const counted = 2_048

/** A statement that the server of one connection has parsed, or is about to. */
export interface Prepared {
  readonly name: string
  readonly text: string
  parsed: boolean
  /** Undefined until the server has told it. */
  shape: RowShape | undefined
}

/** The statements of one connection: which are worth a name on the server, and which of those it may forget. */
export class Statements {
  readonly #uses: BoundedCache<{ count: number }> = new BoundedCache(counted)
  readonly #prepared: BoundedCache<Prepared>
  // A pooler may give the session to others: a name that two processes use could be another statement there.
  readonly #prefix = `covet_${randomBytes(6).toString('hex')}_`
  #forget: string[] = []
  #named = 0

  constructor(max: number) {
    this.#prepared = new BoundedCache(max, ({ name, parsed }) => {
      if (parsed) this.#forget.push(name)
    })
  }

  prepared(text: string): Prepared | undefined {
    return this.#prepared.get(text)
  }

  /** Whether the text was run here before, and so has been looked at. */
  knows(text: string): boolean {
    return this.#uses.get(text) !== undefined
  }

  /** Counts a use; with the third, the text becomes a prepared statement. */
  use(text: string): Prepared | undefined {
    const uses = this.#uses.get(text)
    if (!uses) this.note(text)
    else uses.count += 1
    return uses && uses.count >= usesToPrepare ? this.#prepare(text) : undefined
  }

  /** The text was looked at, and is never prepared. */
  note(text: string): undefined {
    if (!this.knows(text)) this.#uses.set(text, { count: 1 })
  }

  /** The next use parses it again, under another name. */
  drop({ text, name }: Prepared): void {
    // Whether the server has parsed it is not known when its first execution failed; to close what is not there is no error.
    this.#forget.push(name)
    this.#prepare(text)
  }

  /** Nothing is prepared any more: it was on a server that another one has replaced, so there is nothing to close either. */
  clear(): void {
    this.#prepared.clear()
    this.#forget = []
  }

  /** The names to close before the next parse. */
  takeForgotten(): readonly string[] {
    if (this.#forget.length === 0) return none
    const names = this.#forget
    this.#forget = []
    return names
  }

  #prepare(text: string): Prepared {
    this.#named += 1
    const prepared = { name: `${this.#prefix}${this.#named}`, text, parsed: false, shape: undefined }
    this.#prepared.set(text, prepared)
    return prepared
  }
}

const none: readonly string[] = []
