import type { Database } from '@covet/db'
import { databaseOf } from '../binding.ts'
import { detection } from '../detect/detection.ts'
import { noticeLoad } from '../detect/detector.ts'
import { InvalidQueryError, LazyLoadingRefused } from '../errors.ts'
import { accessOf } from '../hydrate/access.ts'
import type { ModelMeta } from '../meta/model-meta.ts'
import { metaOf } from '../meta/registry.ts'
import { Chain } from '../query/chain.ts'
import { Query } from '../query/query.ts'
import { withOp } from '../query/with.ts'
import type { WithNode, WithTree } from '../query/with-tree.ts'
import { valuesOf } from './keys.ts'
import { loadRelation } from './load.ts'
import { planBatch } from './plan.ts'

interface LazyLoad {
  readonly database: Database
  readonly values: readonly unknown[]
}

/**
 * Loads relations that an instance lacks, by default for all instances that were read with it and lack them too. Those that
 * come with a query are read anew, and for the instance alone: nobody else asked for these rows.
 * @throws {LazyLoadingRefused} where the model says `lazy: 'raise'`
 */
export async function loadRelations(instance: object, relations: readonly unknown[]): Promise<void> {
  const meta = metaOf(instance.constructor)
  if (relations.length === 0) throw new InvalidQueryError(`load() takes the names of relations of ${meta.name}, or one object of them.`)
  const chain = Chain.of(meta).add(withOp(meta, relations, (made) => new Query(made)))
  const set = accessOf(meta).setOf(instance)
  const database = set?.database ?? databaseOf(meta)
  const { with: tree } = chain.state()
  const { lazy = 'peers' } = meta.declaration.options
  if (lazy === 'raise') refuse(meta, instance, tree)
  if (detection.on)
    for (const { name } of tree.values()) if (lacks(instance, name)) noticeLoad(meta, name, valuesOf(instance, meta.primaryKey))
  const peers = lazy === 'peers' ? (set?.peers?.deref() ?? []) : []
  await loadTree(tree, instance, peers, { database, values: chain.values() })
}

function refuse({ name: model }: ModelMeta, instance: object, tree: WithTree): void {
  for (const { name } of tree.values()) if (lacks(instance, name)) throw new LazyLoadingRefused(model, name)
}

async function loadTree(tree: WithTree, instance: object, peers: readonly object[], load: LazyLoad): Promise<void> {
  const all = peers.includes(instance) ? peers : [instance, ...peers]
  for (const node of tree.values()) await loadNode(node, node.slot === undefined ? all : [instance], load)
}

async function loadNode(node: WithNode, owners: readonly object[], load: LazyLoad): Promise<void> {
  const { name, slot, children } = node
  const lacking = slot === undefined ? owners.filter((each) => lacks(each, name)) : owners
  const having = children.size === 0 || slot !== undefined ? [] : owners.filter((each) => !lacks(each, name))
  for (const [model, alike] of Map.groupBy(lacking, (each) => each.constructor)) {
    const meta = metaOf(model)
    if (meta.hasRelation(name)) await loadRelation(planBatch(meta.relation(name), node), alike, { ...load, signal: undefined })
  }
  const related = having.flatMap((each) => relatedOf(each, name))
  for (const child of children.values()) await loadNode(child, related, load)
}

/** Read past the guard of what is not loaded. */
function lacks(instance: object, name: string): boolean {
  return !Object.hasOwn(instance, name)
}

function relatedOf(instance: object, name: string): readonly object[] {
  const value = Object.getOwnPropertyDescriptor(instance, name)?.value as object | readonly object[] | null | undefined
  if (value === null || value === undefined) return []
  return Array.isArray(value) ? (value as readonly object[]) : [value as object]
}
