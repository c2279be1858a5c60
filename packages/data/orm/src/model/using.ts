import type { Database } from '@covet/db'
import type { ModelClass } from '../meta/model-meta.ts'
import { aliasMeta, metaOf } from '../meta/registry.ts'

const classes = new WeakMap<object, WeakMap<Database, ModelClass>>()
/** Where a class made here keeps its database. Every query asks for it: a property is found faster than an entry of a weak map. */
const named: unique symbol = Symbol('database')

/** The same model on one database: a class of its own, whose instances are those of the model. */
export function modelOn(model: ModelClass, database: Database): ModelClass {
  let byDatabase = classes.get(model)
  if (!byDatabase) classes.set(model, (byDatabase = new WeakMap()))
  const known = byDatabase.get(database)
  if (known) return known
  const made = class extends (model as new () => object) {}
  Object.defineProperty(made, 'name', { value: model.name })
  // Instances are of the model itself.
  Object.defineProperty(made, Symbol.hasInstance, { value: (value: unknown) => value instanceof model })
  aliasMeta(made, metaOf(model))
  Object.defineProperty(made, named, { value: database })
  byDatabase.set(database, made)
  return made
}

/** The database that `using` named. */
export function namedDatabase(model: object): Database | undefined {
  return (model as { readonly [named]?: Database })[named]
}
