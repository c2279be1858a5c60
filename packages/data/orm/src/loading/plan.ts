import { rootOf, type Source } from '../expressions/source.ts'
import { hydrator } from '../hydrate/instances.ts'
import type { ModelMeta } from '../meta/model-meta.ts'
import type { RelationMeta } from '../meta/relation-meta.ts'
import type { WithNode, WithTree } from '../query/with-tree.ts'
import { columnOutputs } from '../sql/outputs.ts'
import { definer } from './define.ts'
import { type Eager, eagerOf, type EagerPart } from './eager-parts.ts'
import type { JoinTarget } from './join-target.ts'
import { planList } from './json-plan.ts'
import { Keys } from './keys.ts'
import type { BatchLoad, JoinedLoad, KindLoad, ListLoad, Loading } from './loading.ts'
import { chainOf } from './related-chain.ts'
import { isJoined } from './strategy.ts'
import { rowKey } from './unique-rows.ts'

/** What the relations that a query asks for are read by; undefined when it asks for none. */
export function planLoading(meta: ModelMeta, tree: WithTree, join?: JoinTarget): Loading | undefined {
  return tree.size === 0 ? undefined : planLevel(meta, rootOf(meta), tree, join && { eager: eagerOf(join.state), ...join })
}

function planLevel(meta: ModelMeta, source: Source, tree: WithTree, join: JoinTarget | undefined): Loading {
  const loading = { joined: [] as JoinedLoad[], lists: [] as ListLoad[], batches: [] as BatchLoad[] }
  for (const node of tree.values()) {
    // Of the kinds of a polymorphic relation, some may lack what is loaded below.
    if (!meta.hasRelation(node.name)) continue
    const relation = meta.relation(node.name)
    const part = join?.eager?.parts.get(node.name)
    if (join && isJoined(relation, node.slot !== undefined, join.state, join.context.dialect.name)) {
      loading.joined.push(planJoined(source.child(node.name), relation, node, { ...join, eager: part && partly(join.eager, part) }))
    } else if (join?.eager && part)
      loading.lists.push(planList(relation, part, join.context.rows(source), { ...join, eager: join.eager }, planLevel))
    else loading.batches.push(planBatch(relation, join?.eager ? placed(node, join.eager) : node))
  }
  return loading
}

function partly(eager: Eager | undefined, { below }: EagerPart): Eager | undefined {
  return eager && { ...eager, parts: below }
}

/** Its query stands among the values of the whole statement. */
function placed(node: WithNode, { from }: Eager): WithNode {
  return node.slot === undefined ? node : { ...node, slot: from + node.slot }
}

function planJoined(source: Source, relation: RelationMeta, node: WithNode, join: JoinTarget): JoinedLoad {
  const { target } = relation
  const { context, outputs } = join
  const at = outputs.length
  outputs.push(...columnOutputs(context.rows(source), target.columns))
  return {
    define: definer(relation.name),
    hydrate: hydrator(target, context.dialect.name),
    at,
    width: target.columns.length,
    keyOf: rowKey(target.primaryKey.map(({ index }) => at + index)),
    below: planLevel(target, source, node.children, join),
  }
}

/** Reads a relation in a batch of its own. */
export function planBatch(relation: RelationMeta, node: WithNode): BatchLoad {
  const { name, many, kind, typeColumn } = relation
  const kinds = kind === 'polymorphic' ? polymorphicKinds(relation, node) : [planKind(relation, undefined, node)]
  const property = typeColumn?.property ?? ''
  const kindOf = kind === 'polymorphic' ? (owner: object): unknown => (owner as Readonly<Record<string, unknown>>)[property] : undefined
  return { name, many, define: definer(name), kinds, kindOf }
}

function polymorphicKinds(relation: RelationMeta, node: WithNode): readonly KindLoad[] {
  return [...(relation.targets ?? [])].map(([kind, target]) => {
    const { name, owner, definition, local, nullable } = relation
    const towards: RelationMeta = {
      name,
      kind: 'belongsTo',
      owner,
      target,
      definition,
      many: false,
      nullable,
      local,
      foreign: [target.key],
    }
    return planKind(towards, kind, node)
  })
}

function planKind(relation: RelationMeta, kind: string | undefined, node: WithNode): KindLoad {
  const { target, local, foreign } = relation
  const keys = new Keys(local, foreign)
  return { kind, relation, target, keys, ownerKey: keys.ofInstance(local), chain: chainOf(target, kind, node) }
}
