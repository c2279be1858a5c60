import { chained, promised } from '../maybe.ts'
import { metaOf } from '../meta/model-meta.ts'
import { changedValues } from '../write/changed-values.ts'
import { fill } from '../write/fill.ts'
import { deleteInstance, forceDeleteInstance, refreshInstance, restoreInstance } from '../write/remove.ts'
import { saveInstance } from '../write/save.ts'

/** What every instance can do; the types users see are those of `../types/model.ts`. */
export class ModelInstance {
  save(): Promise<this> {
    return promised(() => chained(saveInstance(this), () => this))
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
    const own = this as unknown as Record<string, unknown>
    const meta = metaOf(this.constructor)
    const json: Record<string, unknown> = {}
    for (const { property, field } of meta.columns) {
      const value = own[property]
      if (!field.hidden && value !== undefined) json[property] = typeof value === 'bigint' ? value.toString() : value
    }
    for (const name of meta.relationNames) if (Object.hasOwn(own, name)) json[name] = own[name]
    return json
  }
}
