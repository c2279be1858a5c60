import type { Database, MaybePromise } from '@covet/db'
import { chained } from '../maybe.ts'
import { paddedSize } from '../sql/padded.ts'
import { send } from '../write/send.ts'

/** What a text is the same by, where the case does not count. */
export type Fold = (text: string) => string

/** Texts of one statement; a power of two. */
const most = 1_024

/** Texts of which nothing but their ASCII letters has to be folded, by engine: `I` has a small letter of its own in Turkish. */
const plain: Readonly<Record<string, RegExp>> = { postgres: /^[ -HJ-~]*$/, mysql: /^(?:[ -~]*[!-~])?$/ }

/** As SQLite's NOCASE does it. */
function foldAscii(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

/** How the engine folds these texts. It is asked only where one of them leaves room for doubt. */
export function foldOf(database: Database, texts: readonly string[]): MaybePromise<Fold> {
  const known = plain[database.dialect]
  if (known === undefined || texts.every((text) => known.test(text))) return foldAscii
  const folds = new Folds(database)
  return chained(folds.learn(texts), () => folds.of)
}

/**
 * How an engine folds texts, learnt from it: which of them are the same without regard to case it alone knows. citext
 * compares what `lower` gives in the database's locale, MariaDB and MySQL the weights of the collation.
 */
export class Folds {
  readonly #database: Database
  readonly #known = new Map<string, string>()

  constructor(database: Database) {
    this.#database = database
  }

  readonly of: Fold = (text) => this.#known.get(text) ?? foldAscii(text)

  learn(texts: readonly string[]): MaybePromise<void> {
    const { dialect } = this.#database
    if (dialect === 'sqlite') return undefined
    // Weights are not told from a text, so that all are asked for.
    const isOpen = (text: string): boolean => !this.#known.has(text) && (dialect === 'mysql' || !plain['postgres']?.test(text))
    const open = [...new Set(texts.filter(isOpen))]
    return open.length === 0 ? undefined : this.#ask(open)
  }

  async #ask(texts: readonly string[]): Promise<void> {
    for (let start = 0; start < texts.length; start += most) {
      const part = texts.slice(start, start + most)
      const folded = await (this.#database.dialect === 'mysql' ? this.#weights(part) : this.#lowered(part))
      for (const [index, text] of part.entries()) this.#known.set(text, String(folded[index]))
    }
  }

  async #lowered(texts: readonly string[]): Promise<readonly unknown[]> {
    const text = 'select lower(given) from unnest($1::text[]) with ordinality as texts (given, place) order by place'
    const { rows } = await send(this.#database, text, [texts])
    return rows.map(([lowered]) => lowered)
  }

  async #weights(texts: readonly string[]): Promise<readonly unknown[]> {
    const size = paddedSize(texts.length)
    const weight = 'hex(weight_string(cast(? as char character set utf8mb4) collate utf8mb4_unicode_ci))'
    const text = `select ${Array.from({ length: size }, () => weight).join(', ')}`
    const { rows } = await send(
      this.#database,
      text,
      Array.from({ length: size }, (_, index) => texts[index] ?? ''),
    )
    // Texts of this collation are compared as if the shorter went on with spaces.
    return (rows[0] ?? []).map((weights) => String(weights).replace(/(?:0209)+$/, ''))
  }
}
