import type { ModelMeta } from '../meta/model-meta.ts'
import type { RelationMeta } from '../meta/relation-meta.ts'

/**
 * What columns of an expression belong to: the query's own rows, or rows reached from there by a relation. One object
 * per path, so that an expression over it can be recognised.
 */
export class Source {
  readonly meta: ModelMeta
  readonly parent: Source | undefined
  readonly relation: RelationMeta | undefined
  /** Recognises the path within a query: `$users`, `$users.posts.comments`. */
  readonly key: string
  readonly #children = new Map<string, Source>()

  constructor(meta: ModelMeta, parent?: Source, relation?: RelationMeta) {
    this.meta = meta
    this.parent = parent
    this.relation = relation
    this.key = parent && relation ? `${parent.key}.${relation.name}` : `$${meta.table}`
  }

  /** The rows of a relation of these rows. @throws {UnknownRelationError} */
  child(name: string): Source {
    const known = this.#children.get(name)
    if (known) return known
    const relation = this.meta.relation(name)
    const child = new Source(relation.target, this, relation)
    this.#children.set(name, child)
    return child
  }

  /** Whether it is one row, or none, per row of the parent. */
  get isOne(): boolean {
    return this.relation?.many === false
  }
}

const roots = new WeakMap<ModelMeta, Source>()

/** The query's own rows. */
export function rootOf(meta: ModelMeta): Source {
  const known = roots.get(meta)
  if (known) return known
  const root = new Source(meta)
  roots.set(meta, root)
  return root
}
