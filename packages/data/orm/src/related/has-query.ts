import { isDeepStrictEqual } from 'node:util'
import { valuesOf } from '../loading/keys.ts'
import type { KeyValues } from '../query/key-nodes.ts'
import { now } from '../write/clock.ts'
import { assertValues, createInstance } from '../write/create.ts'
import { keyText } from '../write/match-rows.ts'
import { isInstanceOf, keysOf } from './link.ts'
import { noteWritten } from './note.ts'
import { RelatedQuery } from './related-query.ts'

type Reference = Readonly<Record<string, unknown>>

/** Rows of the target that refer to this one by columns of their own. */
export class HasQuery extends RelatedQuery {
  /** Creates a row that refers to this one. */
  async create(values: unknown): Promise<object> {
    const { relation, database } = this.link
    const created = await createInstance(relation.target, this.linked(values), database)
    this.link.forget()
    return created
  }

  /** The values of a row that is to refer to this one. */
  protected linked(values: unknown): Readonly<Record<string, unknown>> {
    assertValues(this.link.relation.target, values)
    return { ...values, ...this.#reference(this.link.key) }
  }

  /** Lets rows refer to this one, and tells the instances among them. */
  protected async refer(targets: readonly unknown[]): Promise<void> {
    if (targets.length > 0) await this.#write(keysOf(this.link.relation.target, targets), this.#own(), targets)
  }

  /** Lets rows that refer to this one refer to nothing, and tells the instances among them. */
  protected async release(keys: readonly KeyValues[], given: readonly unknown[] = []): Promise<void> {
    if (keys.length === 0) return
    const nothing = this.#reference(this.link.relation.local.map(() => null))
    await this.#write(keys, nothing, given, this.#own())
  }

  /** The keys of the rows that refer to this one now. */
  protected async current(): Promise<readonly KeyValues[]> {
    const names = this.link.relation.target.primaryKey.map(({ property }) => property)
    const rows = await this.select(...names)
    return rows.map((row) => names.map((name) => row[name]))
  }

  /** @param before what the rows have to refer to until then */
  async #write(keys: readonly KeyValues[], reference: Reference, given: readonly unknown[], before?: Reference): Promise<void> {
    const { link } = this
    const { target } = link.relation
    const rows = link.targetsAt(keys)
    const time = target.duty('updatedAt')
    const values = time ? { ...reference, [time.property]: now() } : reference
    const count = await (before ? this.next(rows.chain).where(before) : rows).update(values)
    const instances = new Set(given.filter((each) => isInstanceOf(target, each)))
    const areAll = count === new Set(keys.map(keyText)).size
    const written = areAll || count === 0 || instances.size === 0 ? instances : await this.#among(instances, keys, reference, before)
    if (count > 0) for (const instance of written) noteWritten(instance, values)
    link.forget()
  }

  /** Those that knew to refer to what their rows referred to, and whose rows have the reference now. */
  async #among(
    instances: ReadonlySet<object>,
    keys: readonly KeyValues[],
    reference: Reference,
    before: Reference | undefined,
  ): Promise<readonly object[]> {
    const { link } = this
    const { target } = link.relation
    const names = target.primaryKey.map(({ property }) => property)
    const rows = await this.next(link.targetsAt(keys).chain)
      .where(reference)
      .select(...names)
    const there = new Set(rows.map((row) => keyText(names.map((name) => row[name]))))
    return [...instances].filter((each) => (!before || refersTo(each, before)) && there.has(keyText(valuesOf(each, target.primaryKey))))
  }

  #own(): Reference {
    return this.#reference(this.link.key)
  }

  #reference(key: KeyValues): Reference {
    const { foreign, typeColumn, typeValue } = this.link.relation
    const reference = Object.fromEntries(foreign.map(({ property }, index) => [property, key[index]]))
    return typeColumn && typeValue !== undefined
      ? { ...reference, [typeColumn.property]: key.includes(null) ? null : typeValue }
      : reference
  }
}

/** A column that was not read refers to nothing. */
function refersTo(instance: object, reference: Reference): boolean {
  const known = (property: string): unknown => Object.getOwnPropertyDescriptor(instance, property)?.value
  return Object.entries(reference).every(([property, value]) => isDeepStrictEqual(known(property), value))
}
