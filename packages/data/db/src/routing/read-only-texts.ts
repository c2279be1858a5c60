import { BoundedCache } from '../bounded-cache.ts'
import type { Connection } from '../driver.ts'

const remembered = 2_048

/** Which statements only read, as the connections told. */
export class ReadOnlyTexts {
  readonly #known = new BoundedCache<boolean>(remembered)

  /** Undefined for a statement nobody asked about. */
  known(text: string): boolean | undefined {
    return this.#known.get(text)
  }

  /** @throws what the engine says of a statement that is none */
  learn(text: string, connection: Connection): boolean {
    const known = this.#known.get(text)
    if (known !== undefined) return known
    const readOnly = connection.isReadOnly(text)
    this.#known.set(text, readOnly)
    return readOnly
  }

  /** It was taken to read only, and a node that only reads refused it: a function in it writes. */
  writes(text: string): void {
    this.#known.set(text, false)
  }

  /** Whether it reads only, and no where nobody can tell: a lost connection of some engines cannot any more. */
  surely(text: string, connection: Connection): boolean {
    try {
      return this.learn(text, connection)
    } catch {
      return false
    }
  }
}
