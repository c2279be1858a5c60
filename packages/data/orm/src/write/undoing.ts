import type { Database, Participant, ParticipantKind } from '@covet/db'
import { accessOf } from '../hydrate/access.ts'
import type { ResultSet, Row } from '../hydrate/base-class.ts'
import { metaOf } from '../meta/registry.ts'
import { isStored } from './changes.ts'
import { Notes } from './notes.ts'
import type { WriteColumn } from './write-column.ts'
import type { Writer } from './writer.ts'

/** A property that a write has set. */
interface Replaced {
  /** Undefined where there was none. */
  readonly before: PropertyDescriptor | undefined
  readonly set: unknown
}

/** What counted as stored of an instance before it was written, and the properties that the writes have set. */
class Before {
  readonly #row: Row | undefined
  readonly #set: ResultSet | undefined
  /** Of an instance that was made by the write that stored it: the columns that the caller left out. */
  readonly #leftOut: readonly WriteColumn[] | undefined
  #replaced: Map<string, Replaced> | undefined

  constructor(row: Row | undefined, set: ResultSet | undefined, leftOut?: readonly WriteColumn[]) {
    this.#row = row
    this.#set = set
    this.#leftOut = leftOut
  }

  replacing(instance: object, property: string, set: unknown): void {
    this.#replace(property, { before: Object.getOwnPropertyDescriptor(instance, property), set })
  }

  adopt(inner: Before): void {
    if (inner.#replaced) for (const [property, replaced] of inner.#replaced) this.#replace(property, replaced)
  }

  /**
   * What was assigned after the writes stays, and of an instance that was new the database it went to.
   * @param inDoubt nobody knows whether it is stored: a new one keeps its key, to look by
   */
  restore(instance: object, inDoubt: boolean): void {
    const meta = metaOf(instance.constructor)
    const access = accessOf(meta)
    const isNew = this.#row === undefined || this.#leftOut !== undefined
    const kept = inDoubt && isNew ? meta.primaryKey.map(({ property }) => property) : []
    if (this.#replaced)
      for (const [property, replaced] of this.#replaced) if (!kept.includes(property)) putBack(instance, property, replaced)
    if (this.#leftOut) this.#unmake(instance, this.#leftOut, kept)
    access.keep(instance, isNew ? undefined : this.#row, this.#set ?? access.setOf(instance))
  }

  /** Takes away what the write that made the instance put there. */
  #unmake(instance: object, columns: readonly WriteColumn[], kept: readonly string[]): void {
    const own = instance as Readonly<Record<string, unknown>>
    for (const column of columns) {
      const { property, index } = column
      if (!kept.includes(property) && isStored(column, own[property], this.#row?.[index])) Reflect.deleteProperty(instance, property)
    }
  }

  #replace(property: string, { before, set }: Replaced): void {
    this.#replaced ??= new Map()
    const known = this.#replaced.get(property)
    // Of what a write replaced that a write had set, the value before both counts.
    const isOurs = known !== undefined && before !== undefined && Object.is(before.value, known.set)
    this.#replaced.set(property, { before: isOurs ? known.before : before, set })
  }
}

function putBack(instance: object, property: string, { before, set }: Replaced): void {
  const current = Object.getOwnPropertyDescriptor(instance, property)
  if (!current || !Object.is(current.value, set)) return
  if (before) Object.defineProperty(instance, property, before)
  else Reflect.deleteProperty(instance, property)
}

/**
 * The instances that a transaction, or a savepoint of it, has written, as they were before: when it is undone, they count as
 * what they counted as then, and have what the user assigned, so that they can be saved again.
 */
export class Undoing implements Participant {
  readonly #before = new Notes<Before>()

  /** What there is about an instance that is about to be told of a write. */
  of(instance: object): Before {
    return this.#before.get(instance) ?? this.#noted(instance)
  }

  /** Notes an instance that the write has made. @param leftOut the columns that its caller left out */
  made(instance: object, leftOut: readonly WriteColumn[]): void {
    this.#noted(instance, leftOut)
  }

  adopt(inner: Undoing): void {
    for (const [instance, before] of inner.#before.entries()) {
      const own = this.#before.get(instance)
      if (own) own.adopt(before)
      else this.#before.add(instance, before)
    }
  }

  afterRollback(inDoubt: boolean): void {
    for (const [instance, before] of this.#before.entries()) before.restore(instance, inDoubt)
  }

  #noted(instance: object, leftOut?: readonly WriteColumn[]): Before {
    const access = accessOf(metaOf(instance.constructor))
    const before = new Before(access.rowOf(instance), access.setOf(instance), leftOut)
    this.#before.add(instance, before)
    return before
  }
}

const undoing: ParticipantKind<Undoing> = { takePart: () => new Undoing() }

/** Of the transaction or savepoint around the caller. */
export function undoingIn(database: Database): Undoing | undefined {
  return database.participant(undoing)
}

/** Those that the values of a new row leave out. */
export function columnsLeftOut({ columns }: Writer, values: Readonly<Record<string, unknown>>): readonly WriteColumn[] {
  const leftOut: WriteColumn[] = []
  for (let index = 0; index < columns.length; index += 1) {
    const column = columns[index] as WriteColumn
    if (values[column.property] === undefined) leftOut.push(column)
  }
  return leftOut
}
