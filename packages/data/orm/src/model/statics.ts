import type { Database } from '@covet/db'
import type { TObject } from 'typebox'
import { databaseOf } from '../binding.ts'
import { placed } from '../detect/detector.ts'
import { NotFound } from '../errors.ts'
import { addHook, type Work } from '../hooks/hooks.ts'
import { failed, toPromise } from '../maybe.ts'
import type { ModelClass } from '../meta/model-meta.ts'
import { metaOf } from '../meta/registry.ts'
import { Chain } from '../query/chain.ts'
import { findByKey, findByKeys } from '../query/find.ts'
import { Query } from '../query/query.ts'
import { readRaw } from '../query/raw.ts'
import { whereChain } from '../query/rows.ts'
import type { HookName } from '../types/hooks.ts'
import type { UpsertOptions } from '../types/model-static.ts'
import type { Purpose } from '../types/schema.ts'
import { schemaOf } from '../validation/schema-of.ts'
import { createInstance } from '../write/create.ts'
import { createInstances } from '../write/create-many.ts'
import { firstOrCreate, updateOrCreate } from '../write/find-or-create.ts'
import { updateRows } from '../write/update-many.ts'
import { upsertInstances } from '../write/upsert.ts'
import { modelOn, namedDatabase } from './using.ts'

/** What every model class can do; the types users see are those of `../types/model-static.ts`. */
export class ModelStatics {
  static query(): Query {
    return new Query(beginning(this))
  }

  static where(...args: unknown[]): Query {
    return new Query(whereChain(beginning(this), args))
  }

  static with(...relations: unknown[]): Query {
    return this.query().with(...relations)
  }

  static find(key: unknown): Promise<object | null> {
    const meta = metaOf(this)
    try {
      return findByKey(meta, key, databaseOf(meta, namedDatabase(this)))
    } catch (error) {
      return failed(error)
    }
  }

  static async findOrFail(key: unknown): Promise<object> {
    const found = await this.find(key)
    if (found === null) throw new NotFound(metaOf(this).name)
    return found
  }

  /** In the order of the keys; those that are not there are left out. */
  static findMany(keys: unknown): Promise<object[]> {
    const meta = metaOf(this)
    return toPromise(() => findByKeys(meta, keys, databaseOf(meta, namedDatabase(this))))
  }

  static raw(strings: unknown, ...values: unknown[]): Promise<object[]> {
    const meta = metaOf(this)
    return toPromise(() => readRaw(meta, strings, values, databaseOf(meta, namedDatabase(this))))
  }

  /** The model as a TypeBox schema for a purpose. */
  static schema(purpose: Purpose): TObject {
    return schemaOf(metaOf(this).columns, purpose)
  }

  static create(values: unknown): Promise<object> {
    return toPromise(() => createInstance(metaOf(this), values, namedDatabase(this)))
  }

  static async createMany(values: unknown): Promise<object[]> {
    return createInstances(metaOf(this), values, namedDatabase(this))
  }

  static async updateMany(rows: unknown): Promise<number> {
    return updateRows(metaOf(this), rows, namedDatabase(this))
  }

  static async upsert(values: unknown, options?: UpsertOptions<string>): Promise<object[]> {
    return upsertInstances(metaOf(this), values, options, namedDatabase(this))
  }

  static async firstOrCreate(match: unknown, create?: unknown): Promise<object> {
    return firstOrCreate(metaOf(this), match, create, namedDatabase(this))
  }

  static async updateOrCreate(match: unknown, update: unknown): Promise<object> {
    return updateOrCreate(metaOf(this), match, update, namedDatabase(this))
  }

  static on(hook: HookName, work: Work): () => void {
    return addHook(metaOf(this).model, hook, work)
  }

  static using(database: Database): ModelClass {
    return modelOn(metaOf(this).model, database)
  }
}

/** The queries of a model begin here. */
function beginning(model: object): Chain {
  const database = namedDatabase(model)
  const chain = placed(Chain.of(metaOf(model)))
  return database ? chain.with({ database }) : chain
}
