import { randomBytes } from 'node:crypto'
import { BoundedCache } from '@covet/db'
import type { RowShape } from '../wire/row-shape.ts'
import type { SessionChange } from './session-changes.ts'

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

export interface SeenText {
  uses: number
  readonly facts: TextFacts
}

/** What is asked about a text before it is sent for the first time. */
export interface TextFacts {
  /** Whether it sets the statement timeout itself. */
  readonly setsLimit: boolean
  readonly sessionChange: SessionChange | undefined
}

/** The statements of one connection: which are worth a name on the server, and which of those it may forget. */
export class Statements {
  readonly #seen: BoundedCache<SeenText> = new BoundedCache(counted)
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

  /** What is known of a text that was run here before. */
  seen(text: string): SeenText | undefined {
    return this.#seen.get(text)
  }

  /** Remembers what is known of a text. */
  see(text: string, facts: TextFacts): SeenText {
    const seen = { uses: 0, facts }
    this.#seen.set(text, seen)
    return seen
  }

  /** Counts a use; with the third, the text becomes a prepared statement. */
  use(text: string, seen: SeenText): Prepared | undefined {
    seen.uses += 1
    return seen.uses >= usesToPrepare ? this.#prepare(text) : undefined
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
