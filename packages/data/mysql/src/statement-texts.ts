import { BoundedCache } from '@covet/db'
import { statementFacts, type StatementFacts } from './statement-facts.ts'

const remembered = 2_048
/** Longer texts are rarely sent twice, and their facts are as long as they are. */
const longestRemembered = 65_536

/** What is known of the statements of one database, whichever connection they run on. */
export class StatementTexts {
  readonly #facts = new BoundedCache<StatementFacts>(remembered)

  factsOf(text: string): StatementFacts {
    const known = this.#facts.get(text)
    if (known) return known
    const facts = statementFacts(text)
    if (text.length <= longestRemembered) this.#facts.set(text, facts)
    return facts
  }
}
