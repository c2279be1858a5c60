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
 * Loads relations that an instance lacks, by default for all instances that were read with it and lack them too.
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

/** @param first gets a relation anew when it comes with a query; its peers only what they lack */
async function loadTree(tree: WithTree, first: object | undefined, peers: readonly object[], load: LazyLoad): Promise<void> {
  for (const node of tree.values()) await loadNode(node, first, peers, load)
}

async function loadNode(node: WithNode, first: object | undefined, peers: readonly object[], load: LazyLoad): Promise<void> {
  const { name } = node
  const all = first === undefined || peers.includes(first) ? peers : [first, ...peers]
  const lacking = all.filter((each) => (each === first && node.slot !== undefined) || lacks(each, name))
  const having = node.children.size === 0 ? [] : all.filter((each) => !lacking.includes(each))
  for (const [model, owners] of Map.groupBy(lacking, (each) => each.constructor)) {
    const meta = metaOf(model)
    if (meta.hasRelation(name)) await loadRelation(planBatch(meta.relation(name), node), owners, { ...load, signal: undefined })
  }
  await loadTree(
    node.children,
    undefined,
    having.flatMap((each) => relatedOf(each, name)),
    load,
  )
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
