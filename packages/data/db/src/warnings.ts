const category = 'CovetDatabaseWarning'

/** Warnings of one database, each once. */
export class Warnings {
  readonly #given = new Set<string>()

  /** Warns the first time it is asked to for this reason. */
  once(reason: string, message: () => string): void {
    if (this.#given.has(reason)) return
    this.#given.add(reason)
    process.emitWarning(message(), category)
  }

  /** The reason is gone: should it come back, it is worth a warning again. */
  forget(reason: string): void {
    this.#given.delete(reason)
  }
}
