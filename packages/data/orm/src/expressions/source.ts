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
  /** Recognises the path within a query: `$users 1`, `$users 1.posts.comments`. */
  readonly key: string
  /** In how many predicates over the same path this one is, its own included; 0 of the path itself. */
  readonly depth: number
  /** The models on the path that have a scope; undefined without any, as of most. */
  readonly scoped: ReadonlySet<ModelMeta> | undefined
  readonly #children = new Map<string, Source>()
  readonly #within: Source[] = []

  constructor(meta: ModelMeta, parent?: Source, relation?: RelationMeta, depth = 0) {
    this.meta = meta
    this.parent = parent
    this.relation = relation
    this.depth = depth
    this.scoped = relation && meta.declaration.options.scope ? new Set([...(parent?.scoped ?? []), meta]) : parent?.scoped
    this.key = parent && relation ? `${parent.key}.${relation.name}${depth === 0 ? '' : `#${depth}`}` : `$${meta.table} ${meta.id}`
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

  /** The same rows in a predicate, where one of them is meant that is not the one of a predicate around it. */
  within(depth: number): Source {
    if (depth === 0) return this
    return (this.#within[depth] ??= new Source(this.meta, this.parent, this.relation, depth))
  }

  /** Whether it is reached from rows of the other. */
  isBelow(other: Source): boolean {
    return this.parent !== undefined && (this.parent === other || this.parent.isBelow(other))
  }

  /** For messages: `posts.comments`. */
  get path(): string {
    const before = this.parent?.path
    return before ? `${before}.${this.relation?.name ?? ''}` : (this.relation?.name ?? '')
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
