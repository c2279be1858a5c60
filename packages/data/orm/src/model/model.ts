import { RelationNotLoaded } from '../errors.ts'
import { rememberAccess } from '../hydrate/access.ts'
import { makeBaseClass } from '../hydrate/base-class.ts'
import type { Declaration, ModelOptions } from '../meta/declaration.ts'
import { declare, metaOf } from '../meta/registry.ts'
import type { Shape } from '../types/shape.ts'
import { ModelInstance } from './instance.ts'
import { ModelStatics } from './statics.ts'

/** Makes the class that a model's class extends. */
export function makeModel(table: string, shape: Shape, options: ModelOptions = {}): object {
  const declaration: Declaration = { table, shape, options }
  const { base, access } = makeBaseClass(declaration)
  rememberAccess(declaration, access)
  declare(base, declaration)
  // The generated class extends nothing, which keeps its constructor short; what models share stands behind it.
  Object.setPrototypeOf(base, ModelStatics)
  Object.setPrototypeOf(base.prototype, ModelInstance.prototype)
  for (const [name, member] of Object.entries(shape)) if (member.kind !== 'field') guardRelation(base, name)
  return base
}

/** A relation is a property of its instance once it is loaded; until then reading it says how to load it. */
function guardRelation(base: { prototype: object }, name: string): void {
  Object.defineProperty(base.prototype, name, {
    configurable: true,
    get(this: object): never {
      throw new RelationNotLoaded(metaOf(this.constructor).name, name)
    },
    set(this: object, value: unknown) {
      Object.defineProperty(this, name, { value, writable: true, enumerable: true, configurable: true })
    },
  })
}
