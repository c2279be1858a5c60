import type { Database } from '@covet/db'
import { databaseOf } from '../binding.ts'
import { NotFound } from '../errors.ts'
import { promised } from '../maybe.ts'
import { metaOf } from '../meta/model-meta.ts'
import { Chain } from '../query/chain.ts'
import { findByKey } from '../query/find.ts'
import { Query } from '../query/query.ts'

/** What every model class can do; the types users see are those of `../types/model.ts`. */
export class ModelStatics {
  static query(): Query {
    return new Query(Chain.of(metaOf(this)))
  }

  static where(...args: unknown[]): Query {
    return this.query().where(...args)
  }

  static with(...relations: unknown[]): Query {
    return this.query().with(...relations)
  }

  static find(key: unknown): Promise<object | null> {
    const meta = metaOf(this)
    return promised(() => findByKey(meta, key, databaseOf(meta)))
  }

  static async findOrFail(key: unknown): Promise<object> {
    const found = await this.find(key)
    if (found === null) throw new NotFound(metaOf(this).name)
    return found
  }

  static using(database: Database): Query {
    return this.query().using(database)
  }
}
