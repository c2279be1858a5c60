import { metaOf } from '../meta/model-meta.ts'

/** What every instance can do; the types users see are those of `../types/model.ts`. */
export class ModelInstance {
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
