import type { Database, Participant, ParticipantKind } from '@covet/db'
import { accessOf } from '../hydrate/access.ts'
import type { ResultSet, Row } from '../hydrate/base-class.ts'
import { metaOf } from '../meta/registry.ts'
import { isStored } from './changes.ts'
import { writerOf } from './writer.ts'

/** A property that a write has set. */
interface Replaced {
  /** Undefined where there was none. */
  readonly before: PropertyDescriptor | undefined
  readonly set: unknown
}

/** What counted as stored of an instance before it was written, and the properties that the writes have set. */
class Before {
  readonly row: Row | undefined
  readonly set: ResultSet | undefined
  readonly #replaced = new Map<string, Replaced>()

  constructor(row: Row | undefined, set: ResultSet | undefined) {
    this.row = row
    this.set = set
  }

  replacing(instance: object, property: string, set: unknown): void {
    this.#replace(property, { before: Object.getOwnPropertyDescriptor(instance, property), set })
  }

  adopt(inner: Before): void {
    for (const [property, replaced] of inner.#replaced) this.#replace(property, replaced)
  }

  /** What was assigned after the writes stays. */
  restore(instance: object): void {
    for (const [property, { before, set }] of this.#replaced) {
      const current = Object.getOwnPropertyDescriptor(instance, property)
      if (!current || !Object.is(current.value, set)) continue
      if (before) Object.defineProperty(instance, property, before)
      else Reflect.deleteProperty(instance, property)
    }
    accessOf(metaOf(instance.constructor)).keep(instance, this.row, this.set)
  }

  #replace(property: string, { before, set }: Replaced): void {
    const known = this.#replaced.get(property)
    // Of what a write replaced that a write had set, the value before both counts.
    const isOurs = known !== undefined && before !== undefined && Object.is(before.value, known.set)
    this.#replaced.set(property, { before: isOurs ? known.before : before, set })
  }
}

/**
 * The instances that a transaction, or a savepoint of it, has written, as they were before: when it is undone, they count as
 * what they counted as then, and have what the user assigned, so that they can be saved again.
 */
export class Undoing implements Participant {
  readonly #before = new Map<object, Before>()
  /** The values of those that were made by the write that stored them. */
  readonly #made = new Map<object, Readonly<Record<string, unknown>>>()

  /** What there is about an instance that is about to be told of a write. */
  of(instance: object): Before {
    const known = this.#before.get(instance)
    if (known) return known
    const access = accessOf(metaOf(instance.constructor))
    const before = new Before(access.rowOf(instance), access.setOf(instance))
    this.#before.set(instance, before)
    return before
  }

  made(instance: object, values: Readonly<Record<string, unknown>>): void {
    this.#made.set(instance, values)
  }

  adopt(inner: Undoing): void {
    for (const [instance, values] of inner.#made) this.#made.set(instance, values)
    for (const [instance, before] of inner.#before) {
      const own = this.#before.get(instance)
      if (own) own.adopt(before)
      else this.#before.set(instance, before)
    }
  }

  afterRollback(): void {
    for (const [instance, before] of this.#before) before.restore(instance)
    for (const [instance, values] of this.#made) unmake(instance, values)
  }
}

/** Makes a stored instance one of its values that was never stored. */
function unmake(instance: object, values: Readonly<Record<string, unknown>>): void {
  const meta = metaOf(instance.constructor)
  const access = accessOf(meta)
  const row = access.rowOf(instance)
  const set = access.setOf(instance)
  if (!row || !set) return
  const own = instance as Readonly<Record<string, unknown>>
  for (const column of writerOf(meta, set.database).columns) {
    const { property, index } = column
    if (values[property] === undefined && isStored(column, own[property], row[index])) Reflect.deleteProperty(instance, property)
  }
  access.keep(instance, undefined, undefined)
}

const undoing: ParticipantKind<Undoing> = { takePart: () => new Undoing() }

/** Of the transaction or savepoint around the caller. */
export function undoingIn(database: Database): Undoing | undefined {
  return database.participant(undoing)
}
