import { InvalidQueryError, UnknownRelationError } from '../errors.ts'
import type { ModelMeta } from '../meta/model-meta.ts'
import { targetsOf } from '../meta/relation-meta.ts'
import { Chain } from './chain.ts'
import { type Op, noValues } from './op.ts'
import { addPath, type WithTree } from './with-tree.ts'

/** The query of the related rows that a callback of `with({ … })` returned; of a polymorphic relation one per kind. */
export type RelatedChains = Chain | ReadonlyMap<string, Chain>

/** What a callback of `with({ … })` takes and returns. */
export interface QueryLike {
  readonly chain: Chain
  /** The chain with all that belongs to its structure. */
  readonly whole: Chain
}

export type MakeQuery = (chain: Chain) => QueryLike

type Callback = (query: never) => unknown

const opsByPaths = new WeakMap<ModelMeta, Map<string, Op>>()
const remembered = 1_000

/**
 * The two forms of `with`: paths, or an object of relations. What the callbacks make of their queries are values, not
 * structure: the statement of the outer rows is the same whatever they say.
 * @throws {UnknownRelationError} {@link InvalidQueryError}
 */
export function withOp(meta: ModelMeta, args: readonly unknown[], makeQuery: MakeQuery): Op {
  const [first] = args
  if (args.length === 1 && typeof first === 'object' && first !== null) return queriesOp(meta, first, makeQuery)
  return pathsOp(meta, args)
}

function pathsOp(meta: ModelMeta, paths: readonly unknown[]): Op {
  let known = opsByPaths.get(meta)
  if (!known) opsByPaths.set(meta, (known = new Map<string, Op>()))
  const key = paths.join(' ')
  const found = known.get(key)
  if (found) return found
  const checked = paths.map((path) => checkPath(meta, path))
  const op: Op = {
    token: `with ${checked.join(' ')}`,
    values: noValues,
    fold(state) {
      for (const path of checked) addPath(state.with, path)
    },
  }
  // Only paths that exist get here; those of circles have no end.
  if (known.size < remembered) known.set(key, op)
  return op
}

function queriesOp(meta: ModelMeta, queries: object, makeQuery: MakeQuery): Op {
  const names = Object.keys(queries)
  const plain: string[] = []
  const made: [name: string, chains: RelatedChains][] = []
  for (const name of names) {
    checkPath(meta, name)
    const wanted = (queries as Record<string, unknown>)[name]
    if (wanted === true) plain.push(name)
    else if (typeof wanted === 'function') made.push([name, relatedChains(meta, name, wanted as Callback, makeQuery)])
    else throw new InvalidQueryError(`with({ ${name} }) takes true or a function of the query of its rows, such as q => q.orderBy('id').`)
  }
  return {
    token: `with ${plain.join(' ')} queried ${made.map(([name]) => name).join(' ')}`,
    values: made.map(([, chains]) => chains),
    fold(state, base) {
      for (const name of plain) addPath(state.with, name)
      for (const [index, [name]] of made.entries()) addPath(state.with, name).slot = base + index
    },
  }
}

function relatedChains(meta: ModelMeta, name: string, callback: Callback, makeQuery: MakeQuery): RelatedChains {
  const relation = meta.relation(name)
  if (relation.kind !== 'polymorphic') return relatedChain(relation.target, `${meta.name}.${name}`, callback, makeQuery)
  const targets = [...(relation.targets ?? [])]
  return new Map(targets.map(([kind, target]) => [kind, relatedChain(target, `${meta.name}.${name}`, callback, makeQuery)]))
}

function relatedChain(target: ModelMeta, where: string, callback: Callback, makeQuery: MakeQuery): Chain {
  const made = callback(makeQuery(Chain.of(target)) as never) as Partial<QueryLike> | undefined
  const chain = made?.chain
  if (!(chain instanceof Chain) || chain.meta !== target) {
    throw new InvalidQueryError(`The function given to with() for ${where} must return the query it got, narrowed as it should be.`)
  }
  return made?.whole ?? chain
}

/** Of a polymorphic step, a relation of any of its models will do: the rows of the others have none. */
function checkPath(meta: ModelMeta, path: unknown): string {
  if (typeof path !== 'string')
    throw new InvalidQueryError(`with() takes the names of relations of ${meta.name}, or one object of them.`, { statusCode: 400 })
  let metas: readonly ModelMeta[] = [meta]
  for (const name of path.split('.')) {
    const having = metas.filter((each) => each.hasRelation(name))
    const [first = meta] = metas
    if (having.length === 0) throw new UnknownRelationError(first.name, name, first.relationNames)
    metas = having.flatMap((each) => targetsOf(each.relation(name)))
  }
  return path
}

/** Adds what a part of a path asks for to a query of its rows. */
export function childrenOp(children: WithTree): Op {
  const paths = pathsBelow(children)
  return {
    token: `with ${paths.join(' ')}`,
    values: noValues,
    fold(state) {
      for (const path of paths) addPath(state.with, path)
    },
  }
}

function pathsBelow(children: WithTree): readonly string[] {
  return [...children.values()].flatMap(({ name, children: below }) =>
    below.size === 0 ? [name] : pathsBelow(below).map((rest) => `${name}.${rest}`),
  )
}
