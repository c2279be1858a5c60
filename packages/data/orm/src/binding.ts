import { currentDatabase, type Database } from '@covet/db'
import { AmbiguousDatabaseError, UnboundModelError } from './errors.ts'
import type { Declaration } from './meta/declaration.ts'
import { metaOf, type ModelClass, type ModelMeta } from './meta/model-meta.ts'
import { requestDatabase } from './request-database.ts'

const bound = new WeakMap<Declaration, Set<Database>>()

/**
 * Says which database the models use where nothing around a call says another.
 * @returns a function that takes the binding back
 */
export function bind(models: readonly ModelClass[], database: Database): () => void {
  const declarations = models.map((model) => metaOf(model).declaration)
  for (const declaration of declarations) {
    const databases = bound.get(declaration) ?? new Set()
    bound.set(declaration, databases.add(database))
  }
  return () => {
    for (const declaration of declarations) bound.get(declaration)?.delete(database)
  }
}

/** Whether some database is bound to the model already. */
export function isBound(model: ModelClass): boolean {
  return (bound.get(metaOf(model).declaration)?.size ?? 0) > 0
}

/**
 * The database of a model here: the one the query names, the innermost transaction or `db.run` around the caller, the
 * request's, else the one it is bound to.
 * @throws {UnboundModelError} {@link AmbiguousDatabaseError}
 */
export function databaseOf(meta: ModelMeta, named?: Database): Database {
  return named ?? currentDatabase() ?? requestDatabase() ?? boundDatabase(meta)
}

function boundDatabase({ declaration, name }: ModelMeta): Database {
  const databases = bound.get(declaration)
  const [first, second] = databases ?? []
  if (!first) throw new UnboundModelError(name)
  if (second) throw new AmbiguousDatabaseError(name)
  return first
}
