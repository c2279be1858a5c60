import type { Database } from '@covet/db'
import { NotFound } from '../errors.ts'
import { metaOf } from '../meta/model-meta.ts'
import { Chain } from '../query/chain.ts'
import { keyMembers } from '../query/key.ts'
import { Query } from '../query/query.ts'

/** What every model class can do; the types users see are those of `../types/model.ts`. */
export class ModelStatics {
  static query(): Query {
    return new Query(Chain.of(metaOf(this)))
  }

  static where(...args: unknown[]): Query {
    return this.query().where(...args)
  }

  static find(key: unknown): Promise<object | null> {
    return this.where(keyMembers(metaOf(this), key)).first()
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
