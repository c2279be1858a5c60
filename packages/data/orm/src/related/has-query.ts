import { assertValues, createInstance } from '../write/create.ts'
import { isInstanceOf, type KeyValues, keysOf } from './link.ts'
import { noteWritten } from './note.ts'
import { RelatedQuery } from './related-query.ts'

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
    if (targets.length === 0) return
    const { link } = this
    const reference = this.#reference(link.key)
    await link.targetsAt(keysOf(link.relation.target, targets)).update(reference)
    this.#tell(targets, reference)
  }

  /** Lets rows that refer to this one refer to nothing. */
  protected async release(keys: readonly KeyValues[], given: readonly unknown[] = []): Promise<void> {
    if (keys.length === 0) return
    const { link } = this
    const nothing = this.#reference(link.relation.local.map(() => null))
    const { chain } = link.targetsAt(keys)
    await this.next(chain).where(this.#own()).update(nothing)
    this.#tell(given, nothing)
  }

  /** The keys of the rows that refer to this one now. */
  protected async current(): Promise<readonly KeyValues[]> {
    const names = this.link.relation.target.primaryKey.map(({ property }) => property)
    const rows = await this.select(...names)
    return rows.map((row) => names.map((name) => row[name]))
  }

  #own(): Readonly<Record<string, unknown>> {
    return this.#reference(this.link.key)
  }

  #reference(key: KeyValues): Record<string, unknown> {
    const { foreign, typeColumn, typeValue } = this.link.relation
    const reference = Object.fromEntries(foreign.map(({ property }, index) => [property, key[index]]))
    if (typeColumn && typeValue !== undefined) reference[typeColumn.property] = key.includes(null) ? null : typeValue
    return reference
  }

  #tell(targets: readonly unknown[], reference: Readonly<Record<string, unknown>>): void {
    for (const target of targets) if (isInstanceOf(this.link.relation.target, target)) noteWritten(target, reference)
    this.link.forget()
  }
}
