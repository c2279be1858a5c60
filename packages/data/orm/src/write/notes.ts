/** How many objects are held: a weak reference costs some microseconds, and a few thousand objects not much. */
const few = 4_096

/** What is noted of objects, until it is looked through: all of them that somebody else still holds, and the first few. */
export class Notes<Note> {
  readonly #held = new Map<object, Note>()
  readonly #weak = new WeakMap<object, Note>()
  #references: WeakRef<object>[] = []
  /** How many references are worth looking for those of objects that are gone. */
  #many = few

  get(object: object): Note | undefined {
    return this.#held.get(object) ?? this.#weak.get(object)
  }

  /** Of an object of which nothing is noted. */
  add(object: object, note: Note): void {
    if (this.#held.size < few) {
      this.#held.set(object, note)
      return
    }
    this.#weak.set(object, note)
    if (this.#references.length >= this.#many) {
      this.#references = this.#references.filter((reference) => reference.deref() !== undefined)
      this.#many = 2 * this.#references.length + few
    }
    this.#references.push(new WeakRef(object))
  }

  *entries(): Generator<readonly [object, Note]> {
    yield* this.#held
    for (const reference of this.#references) {
      const object = reference.deref()
      const note = object && this.#weak.get(object)
      if (object && note) yield [object, note]
    }
  }
}
