import { isDeepStrictEqual } from 'node:util'
import { errors } from '@covet/db'
import { valuesOf } from '../loading/keys.ts'
import type { KeyValues } from '../query/key-nodes.ts'
import type { Query } from '../query/query.ts'
import { now } from '../write/clock.ts'
import { assertValues, createInstance } from '../write/create.ts'
import { identitiesOf } from './difference.ts'
import { isInstanceOf, keysOf } from './link.ts'
import { noteWritten } from './note.ts'
import { RelatedQuery } from './related-query.ts'

type Reference = Readonly<Record<string, unknown>>

/** Rows of the target, each once. */
interface Meant {
  readonly keys: readonly KeyValues[]
  /** Those of all of them, or of none. */
  readonly instances: readonly object[]
}

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

  /**
   * Lets rows refer to this one, and tells the instances among them.
   * @throws {ForeignKeyViolation} for a row that is not there, or that its key does not find
   */
  protected async refer(targets: readonly unknown[]): Promise<void> {
    const { target } = this.link.relation
    for (const rows of await this.#meant(targets)) {
      const count = await this.#write(rows, this.#own())
      if (count < rows.keys.length) throw new errors.ForeignKeyViolation({ table: target.table })
    }
  }

  /** Lets rows that refer to this one refer to nothing, and tells the instances among them. */
  protected async release(targets: readonly unknown[]): Promise<void> {
    for (const rows of await this.#meant(targets)) await this.#write(rows, this.#nothing(), this.#own())
  }

  protected async releaseKeys(keys: readonly KeyValues[]): Promise<void> {
    if (keys.length > 0) await this.#write({ keys, instances: [] }, this.#nothing(), this.#own())
  }

  /** The keys of the rows that refer to this one now. */
  protected async current(): Promise<readonly KeyValues[]> {
    const names = this.#keyNames
    const rows = await this.select(...names)
    return rows.map((row) => names.map((name) => row[name]))
  }

  /** Each row once: those in hand as instances, and those that only a key is known of. */
  async #meant(targets: readonly unknown[]): Promise<readonly Meant[]> {
    const { link } = this
    const { target } = link.relation
    const keys = keysOf(target, targets)
    const identities = await identitiesOf(link, keys)
    const instances = new Set<unknown>(targets.filter((each) => isInstanceOf(target, each)))
    const held = new Map<unknown, KeyValues>()
    const named = new Map<unknown, KeyValues>()
    for (const [index, key] of keys.entries()) (instances.has(targets[index]) ? held : named).set(identities[index], key)
    for (const identity of held.keys()) named.delete(identity)
    return [
      { keys: [...held.values()], instances: [...instances] as object[] },
      { keys: [...named.values()], instances: [] },
    ].filter((rows) => rows.keys.length > 0)
  }

  /** @param before what the rows have to refer to until then @returns how many were written */
  async #write({ keys, instances }: Meant, reference: Reference, before?: Reference): Promise<number> {
    const { link } = this
    const time = link.relation.target.duty('updatedAt')
    const values = time ? { ...reference, [time.property]: now() } : reference
    const rows = this.#rowsOf({ keys, instances })
    const count = await (before ? rows.where(before) : rows).update(values)
    const areAll = count === keys.length
    const written = areAll || count === 0 || instances.length === 0 ? instances : await this.#among({ keys, instances }, reference, before)
    if (count > 0) for (const instance of written) noteWritten(instance, values)
    link.forget()
    return count
  }

  /** Whoever has an instance means its row, whether or not queries of the model see it. A key finds what they see. */
  #rowsOf({ keys, instances }: Meant): Query {
    const rows = this.next(this.link.targetsAt(keys).chain)
    return instances.length > 0 ? rows.unscoped() : rows
  }

  /** Those that knew to refer to what their rows referred to, and whose rows have the reference now. */
  async #among(meant: Meant, reference: Reference, before: Reference | undefined): Promise<readonly object[]> {
    const { primaryKey } = this.link.relation.target
    const names = this.#keyNames
    const rows = await this.#rowsOf(meant)
      .where(reference)
      .select(...names)
    const known = meant.instances.filter((each) => !before || refersTo(each, before))
    const there = rows.map((row) => names.map((name) => row[name]))
    const identities = await identitiesOf(this.link, [...there, ...known.map((each) => valuesOf(each, primaryKey))])
    const found = new Set(identities.slice(0, there.length))
    return known.filter((_, index) => found.has(identities[there.length + index]))
  }

  get #keyNames(): readonly string[] {
    return this.link.relation.target.primaryKey.map(({ property }) => property)
  }

  #nothing(): Reference {
    return this.#reference(this.link.relation.local.map(() => null))
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
