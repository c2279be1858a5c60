import { types } from 'node:util'
import { JsonNull } from '../codecs/check.ts'
import { metaOf } from '../meta/registry.ts'

/** Instances whose JSON is being made, outermost first. */
const open = new Set<object>()

/**
 * Columns and loaded relations of an instance, without hidden fields: 64 bit integers and times as strings, bytes in
 * base64. An instance inside itself is left out.
 */
export function instanceToJson(instance: object): Record<string, unknown> {
  const own = instance as Readonly<Record<string, unknown>>
  const meta = metaOf(instance.constructor)
  const json: Record<string, unknown> = {}
  open.add(instance)
  try {
    for (const { property, field } of meta.columns) {
      // What was not read is there as a property that throws, and is not enumerable.
      const value = !field.hidden && Object.prototype.propertyIsEnumerable.call(instance, property) ? own[property] : undefined
      if (value !== undefined) json[property] = jsonValue(value)
    }
    for (const name of meta.memberNames) {
      const value = Object.hasOwn(instance, name) && !(name in json) ? relatedToJson(own[name]) : undefined
      if (value !== undefined) json[name] = value
    }
  } finally {
    open.delete(instance)
  }
  return json
}

/** Undefined for what is cut. */
function relatedToJson(value: unknown): unknown {
  if (Array.isArray(value)) return (value as readonly unknown[]).map(relatedToJson).filter((each) => each !== undefined)
  if (typeof value !== 'object' || value === null) return value
  if (open.has(value)) return undefined
  return isPrintable(value) ? value.toJSON() : value
}

/** A value of a column. */
export function jsonValue(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (value === JsonNull) return null
  if (types.isDate(value)) return value.toJSON()
  return types.isUint8Array(value) ? Buffer.from(value).toString('base64') : value
}

function isPrintable(value: object): value is { toJSON(): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function'
}
