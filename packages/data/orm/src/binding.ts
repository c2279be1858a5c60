import { currentDatabase, type Database, errors as databaseErrors } from '@covet/db'
import { AmbiguousDatabaseError, UnboundModelError } from './errors.ts'
import type { Declaration } from './meta/declaration.ts'
import type { ModelClass, ModelMeta } from './meta/model-meta.ts'
import { metaOf } from './meta/registry.ts'
import { requestDatabase } from './request-database.ts'

/** Each database once. Lists: the first of a set costs an iterator, and every query asks for it. */
const bound = new WeakMap<Declaration, readonly Database[]>()
const models = new WeakMap<Database, Set<ModelMeta>>()
const none: ReadonlySet<ModelMeta> = new Set()

/**
 * Says which database the models use where nothing around a call says another.
 * @returns a function that takes the binding back
 */
export function bind(classes: readonly ModelClass[], database: Database): () => void {
  const metas = classes.map(metaOf)
  models.set(database, new Set([...(models.get(database) ?? []), ...metas]))
  const declarations = metas.map(({ declaration }) => declaration)
  for (const declaration of declarations) {
    bound.set(declaration, [...databasesBesides(declaration, database), database])
  }
  return () => {
    for (const declaration of declarations) bound.set(declaration, databasesBesides(declaration, database))
  }
}

function databasesBesides(declaration: Declaration, database: Database): readonly Database[] {
  return (bound.get(declaration) ?? []).filter((other) => other !== database)
}

/** Every model that was bound to the database. */
export function modelsOf(database: Database): ReadonlySet<ModelMeta> {
  return models.get(database) ?? none
}

/** Whether some database is bound to the model already. */
export function isBound(model: ModelClass): boolean {
  return (bound.get(metaOf(model).declaration)?.length ?? 0) > 0
}

/**
 * The database of a model here: the one the query names, the innermost transaction or `db.run` around the caller, the
 * request's, else the one it is bound to. Of several connections of one `db`, the one the model is bound to is meant.
 * @throws {UnboundModelError} {@link AmbiguousDatabaseError}
 */
export function databaseOf(meta: ModelMeta, named?: Database): Database {
  return named ?? databaseAround(meta) ?? boundDatabase(meta)
}

function databaseAround({ declaration }: ModelMeta): Database | undefined {
  const around = currentDatabase() ?? requestDatabase()
  const databases = around && bound.get(declaration)
  if (!databases || databases.includes(around)) return around
  for (const database of databases) if (isBeside(around, database)) return database
  return around
}

const beside = new WeakMap<Database, WeakMap<Database, boolean>>()

/** Whether they are connections of one `db`. */
function isBeside(one: Database, other: Database): boolean {
  const known = beside.get(one) ?? new WeakMap<Database, boolean>()
  beside.set(one, known)
  const answer = known.get(other) ?? hasConnection(one, other)
  known.set(other, answer)
  return answer
}

function hasConnection(one: Database, other: Database): boolean {
  try {
    return one.connection(other.name) === other
  } catch (error) {
    if (error instanceof databaseErrors.UnknownConnectionError) return false
    throw error
  }
}

function boundDatabase({ declaration, name }: ModelMeta): Database {
  const databases = bound.get(declaration)
  const first = databases?.[0]
  const second = databases?.[1]
  if (!first) throw new UnboundModelError(name)
  if (second) throw new AmbiguousDatabaseError(name)
  return first
}
