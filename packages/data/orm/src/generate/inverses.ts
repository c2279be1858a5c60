import { camelCase, pascalCase, plural } from './words.ts'
import type { ModelPlan, Reference } from './plan.ts'
import { snakeCase } from '../meta/naming.ts'

/** What leads from a model to rows that refer to it. */
export interface Inverse {
  readonly kind: 'hasOne' | 'hasMany' | 'manyToMany'
  readonly name: string
  readonly target: string
  /** Options, as source. */
  readonly options: readonly string[]
}

/** By table: the other sides of all references, and the two ends of the junctions. */
export function planInverses(plans: ReadonlyMap<string, ModelPlan>): ReadonlyMap<string, readonly Inverse[]> {
  const found = new Map<string, Inverse[]>([...plans.keys()].map((table) => [table, []]))
  for (const plan of plans.values()) {
    if (isPlainJunction(plan, plans)) continue
    for (const reference of plan.references) addInverse(found, plans, plan, reference)
  }
  for (const plan of plans.values()) {
    const ends = junctionEnds(plan)
    if (ends) addEnds(found, plans, plan, ends)
  }
  return found
}

function addInverse(found: ReadonlyMap<string, Inverse[]>, plans: ReadonlyMap<string, ModelPlan>, plan: ModelPlan, reference: Reference): void {
  const owner = plans.get(reference.target)
  if (!owner) return
  const { isUnique, relation } = reference
  const siblings = plan.references.filter(({ target }) => target === reference.target)
  const own = camelCase(isUnique ? plan.className : plural(plan.className))
  const isSelf = owner === plan
  const isAmbiguous = isSelf || siblings.length > 1
  const qualified = `${own}As${pascalCase(relation)}`
  const wish = isSelf && relation === 'parent' && !isUnique ? 'children' : isAmbiguous ? qualified : own
  const name = owner.names.claim(wish, qualified)
  found.get(reference.target)?.push({
    kind: isUnique ? 'hasOne' : 'hasMany',
    name,
    target: plan.className,
    options: isAmbiguous ? [`inverse: '${relation}'`] : [],
  })
}

type Ends = readonly [Reference, Reference]

/** A table whose key is made of two foreign keys, to two tables, relates their rows, whatever else it says about the pair. */
function junctionEnds({ table, references }: ModelPlan): Ends | undefined {
  const inside = references.filter(({ key }) => key.columns.every((column) => table.primaryKey.includes(column)))
  const place = ({ key }: Reference): number => table.primaryKey.indexOf(key.columns[0] ?? '')
  const [first, second, third] = inside.toSorted((left, right) => place(left) - place(right))
  if (!first || !second || third) return undefined
  const columns = new Set([...first.key.columns, ...second.key.columns])
  const isWhole = columns.size === table.primaryKey.length && columns.size === first.key.columns.length + second.key.columns.length
  // With another reference to an end, nobody could tell which is meant.
  const others = references.filter(({ target }) => target === first.target || target === second.target)
  return isWhole && first.target !== second.target && others.length === 2 ? [first, second] : undefined
}

function addEnds(found: ReadonlyMap<string, Inverse[]>, plans: ReadonlyMap<string, ModelPlan>, plan: ModelPlan, [first, second]: Ends): void {
  const [owner, other] = [plans.get(first.target), plans.get(second.target)]
  if (!owner || !other) return
  const through = `through: () => ${plan.className}`
  const isPure = isPlain(plan, owner, other)
  const ownerName = owner.names.claim(camelCase(plural(other.className)), `${camelCase(plural(other.className))}Through${plan.className}`)
  const otherName = other.names.claim(camelCase(plural(owner.className)), `${camelCase(plural(owner.className))}Through${plan.className}`)
  const isDefaultTable = plan.table.name === `${owner.table.name}_${snakeCase(ownerName)}`
  const table = isDefaultTable ? [] : [`table: '${plan.table.name}'`]
  found.get(first.target)?.push({ kind: 'manyToMany', name: ownerName, target: other.className, options: isPure ? table : [through] })
  found.get(second.target)?.push({ kind: 'manyToMany', name: otherName, target: owner.className, options: isPure ? [`inverse: '${ownerName}'`] : [through] })
}

/** Whether the junction is nothing but its two foreign keys, named as the ORM names them: then it needs no model. */
export function isPlainJunction(plan: ModelPlan, plans: ReadonlyMap<string, ModelPlan>): boolean {
  const ends = junctionEnds(plan)
  const [owner, other] = ends ? [plans.get(ends[0].target), plans.get(ends[1].target)] : []
  return owner !== undefined && other !== undefined && isPlain(plan, owner, other)
}

function isPlain({ table }: ModelPlan, owner: ModelPlan, other: ModelPlan): boolean {
  const expected = [owner, other].flatMap((end) => end.table.primaryKey.map((column) => `${snakeCase(end.className)}_${column}`))
  const isCascading = table.foreignKeys.every(({ onDelete }) => onDelete === 'cascade')
  return isCascading && table.columns.length === expected.length && table.columns.every(({ name }) => expected.includes(name))
}
