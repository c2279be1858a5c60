import { ModelDefinitionError } from '../errors.ts'
import { columnsOf, primaryKeyOf } from './columns.ts'
import type { Declaration } from './declaration.ts'
import { linkRelation } from './link-relation.ts'
import { type Linker, type ModelClass, ModelMeta } from './model-meta.ts'

const declaration = Symbol('declaration')
const metas = new WeakMap<object, ModelMeta>()
const linker: Linker = { columns: columnsOf, primaryKey: primaryKeyOf, relation: linkRelation, metaOf, isModel }

/** Remembers on a base class what it was declared with. */
export function declare(base: object, declared: Declaration): void {
  Object.defineProperty(base, declaration, { value: declared })
}

/** @throws {ModelDefinitionError} when the value is no model class */
export function metaOf(model: unknown): ModelMeta {
  const known = typeof model === 'function' ? metas.get(model) : undefined
  return known ?? makeMeta(model)
}

/** Makes a class stand for a model that has its meta already. */
export function aliasMeta(model: object, meta: ModelMeta): void {
  metas.set(model, meta)
}

export function isModel(value: unknown): value is ModelClass {
  return typeof value === 'function' && declaration in value
}

function makeMeta(model: unknown): ModelMeta {
  if (!isModel(model)) {
    throw new ModelDefinitionError(typeof model === 'function' ? model.name : String(model), 'it is no class that extends Model(…).')
  }
  const declared = (model as unknown as { [declaration]: Declaration })[declaration]
  const meta = new ModelMeta(model, declared, linker)
  metas.set(model, meta)
  return meta
}
