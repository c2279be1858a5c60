import { loadRelations } from '../loading/lazy.ts'
import { instanceToJson } from '../loading/to-json.ts'
import { chained, toPromise } from '../maybe.ts'
import { metaOf } from '../meta/registry.ts'
import type { Query } from '../query/query.ts'
import { relatedQuery } from '../related/related.ts'
import { changedValues } from '../write/changed-values.ts'
import { fill } from '../write/fill.ts'
import { deleteInstance, forceDeleteInstance, refreshInstance, restoreInstance } from '../write/remove.ts'
import { saveInstance } from '../write/save.ts'

/** What every instance can do; the types users see are those of `../types/model-instance.ts`. */
export class ModelInstance {
  save(): Promise<this> {
    return toPromise(() => chained(saveInstance(this), () => this))
  }

  delete(): Promise<void> {
    return deleteInstance(this)
  }

  forceDelete(): Promise<void> {
    return forceDeleteInstance(this)
  }

  async restore(): Promise<this> {
    await restoreInstance(this)
    return this
  }

  async refresh(): Promise<this> {
    await refreshInstance(this)
    return this
  }

  fill(values: unknown): this {
    fill(metaOf(this.constructor), this, values)
    return this
  }

  changes(): Record<string, unknown> {
    return changedValues(this)
  }

  isDirty(): boolean {
    return Object.keys(changedValues(this)).length > 0
  }

  /** Columns and loaded relations, without hidden fields; bigints as strings. */
  toJSON(): Record<string, unknown> {
    return instanceToJson(this)
  }

  async load(...relations: unknown[]): Promise<this> {
    await loadRelations(this, relations)
    return this
  }

  related(relation: string): Query {
    return relatedQuery(this, relation)
  }
}
