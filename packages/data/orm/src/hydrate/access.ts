import { ModelDefinitionError } from '../errors.ts'
import type { Declaration } from '../meta/declaration.ts'
import type { ModelMeta } from '../meta/model-meta.ts'
import type { InstanceAccess } from './base-class.ts'

const accesses = new WeakMap<Declaration, InstanceAccess>()

export function rememberAccess(declaration: Declaration, access: InstanceAccess): void {
  accesses.set(declaration, access)
}

/** What the run time keeps of the instances of a model. */
export function accessOf({ declaration, name }: ModelMeta): InstanceAccess {
  const access = accesses.get(declaration)
  if (!access) throw new ModelDefinitionError(name, 'it was not made by Model(…).')
  return access
}
