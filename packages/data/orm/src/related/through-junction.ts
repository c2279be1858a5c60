import { valuesOf } from '../loading/keys.ts'
import type { ColumnMeta, ModelMeta } from '../meta/model-meta.ts'
import { Chain } from '../query/chain.ts'
import { anyNode, equalNode, type KeyValues } from '../query/key-nodes.ts'
import { deletedOp, whereNode } from '../query/ops.ts'
import { Query } from '../query/query.ts'
import { type Key, uniqueKeysIn } from '../schema/unique-keys.ts'
import { createInstances } from '../write/create-many.ts'
import { upsertInstances } from '../write/upsert.ts'
import { differenceOf } from './difference.ts'
import type { JunctionRows } from './junction-rows.ts'
import type { Link } from './link.ts'

/** A junction that is a model of its own: its rows are created as it creates them, with its defaults. */
export class ThroughJunction implements JunctionRows {
  readonly isUnique: boolean
  readonly #link: Link
  readonly #meta: ModelMeta
  readonly #near: readonly ColumnMeta[]
  readonly #far: readonly ColumnMeta[]

  constructor(link: Link, meta: ModelMeta) {
    const { junction } = link.relation
    const named = (names: readonly string[] = []): readonly ColumnMeta[] =>
      names.map((name) => meta.columns.find(({ column }) => column === name) ?? meta.column(name))
    this.#link = link
    this.#meta = meta
    this.#near = named(junction?.ownerColumns)
    this.#far = named(junction?.targetColumns)
    this.isUnique = uniqueKeysIn(link.database, meta).some((key) => isPair(key, this.#pair))
  }

  async add(targets: readonly KeyValues[], pivot: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const { database } = this.#link
    const rows = (keys: readonly KeyValues[]): unknown[] => keys.map((key) => ({ ...pivot, ...this.#values(key) }))
    if (this.isUnique) {
      const upsert = (): Promise<object[]> =>
        upsertInstances(this.#meta, rows(targets), { on: this.#pair, update: [], anyKey: true }, database)
      const mark = this.#meta.duty('deletedAt')
      await (mark ? database.transaction(async () => this.#restore(mark, await upsert(), pivot)) : upsert())
      return
    }
    const { added } = await differenceOf(this.#link, await this.current(), targets)
    await createInstances(this.#meta, rows(added.map((position) => targets[position] ?? [])), database)
  }

  async remove(targets: readonly KeyValues[]): Promise<void> {
    await new Query(this.#owned().chain.add(whereNode(anyNode(this.#meta, this.#far, targets)))).delete()
  }

  async current(): Promise<readonly KeyValues[]> {
    const names = this.#far.map(({ property }) => property)
    const rows = await this.#owned().select(...names)
    return rows.map((row) => names.map((name) => row[name]))
  }

  /** A pair that is the primary key has one row, deleted or not: it lives again, with what is given now. */
  async #restore(mark: ColumnMeta, stored: readonly object[], pivot: Readonly<Record<string, unknown>>): Promise<void> {
    const deleted = stored.filter((row) => (row as Readonly<Record<string, unknown>>)[mark.property] !== null)
    if (deleted.length === 0) return
    const keys = deleted.map((row) => valuesOf(row, this.#far))
    const chain = this.#owned().chain.add(whereNode(anyNode(this.#meta, this.#far, keys)))
    await new Query(chain.add(deletedOp('only'))).update({ ...pivot, [mark.property]: null })
  }

  get #pair(): readonly string[] {
    return [...this.#near, ...this.#far].map(({ property }) => property)
  }

  #owned(): Query {
    const chain = Chain.of(this.#meta).with({ database: this.#link.database })
    return new Query(chain.add(whereNode(equalNode(this.#meta, this.#near, this.#link.key))))
  }

  #values(target: KeyValues): Record<string, unknown> {
    const { key } = this.#link
    return Object.fromEntries([
      ...this.#near.map(({ property }, index) => [property, key[index]] as const),
      ...this.#far.map(({ property }, index) => [property, target[index]] as const),
    ])
  }
}

/** Whether a key is exactly these columns. */
function isPair(key: Key, pair: readonly string[]): boolean {
  return key.length === pair.length && key.every(({ property }) => pair.includes(property))
}
