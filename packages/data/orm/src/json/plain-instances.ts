import type { ModelMeta } from '../meta/model-meta.ts'

const known = new WeakMap<ModelMeta, boolean>()

/**
 * Whether the JSON of an instance is that of its row, so that there need be no instance: the class prints itself as all
 * models do, and neither a constructor nor a field of it touches a column.
 */
export function printsItsRow(meta: ModelMeta): boolean {
  const before = known.get(meta)
  if (before !== undefined) return before
  const plain = inheritsToJson(meta.model.prototype as object) && keepsColumns(meta)
  known.set(meta, plain)
  return plain
}

/** All models have theirs from a class that extends nothing. */
function inheritsToJson(prototype: object): boolean {
  let owner: object | null = prototype
  while (owner !== null && !Object.hasOwn(owner, 'toJSON')) owner = Object.getPrototypeOf(owner) as object | null
  return owner !== null && Object.getPrototypeOf(Object.getPrototypeOf(owner)) === null
}

/** Tried out with values that nothing can be computed from. */
function keepsColumns({ model, columns }: ModelMeta): boolean {
  if (hasConstructor(model)) return false
  const row = columns.map(() => Object.freeze(Object.create(null) as object))
  try {
    const Model = model as unknown as new (row: unknown[], decoders: [], set: undefined) => Record<string, unknown>
    const instance = new Model([...row], [], undefined)
    return columns.every(({ property }, index) => Object.getOwnPropertyDescriptor(instance, property)?.value === row[index])
  } catch {
    return false
  }
}

/** What a constructor does may depend on the values. */
function hasConstructor(model: object): boolean {
  return writtenClasses(model).some((written) => /\bconstructor['"]?\s*\(/.test(Function.prototype.toString.call(written)))
}

/** The classes above end with the generated one, the one all models share, and that of all functions. */
function writtenClasses(model: object): readonly object[] {
  const classes: object[] = []
  for (let step: unknown = model; typeof step === 'function'; step = Object.getPrototypeOf(step)) classes.push(step)
  return classes.slice(0, -3)
}
