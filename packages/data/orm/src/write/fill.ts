import { InvalidValueError, UndefinedValueError, UnknownColumnError } from '../errors.ts'
import type { ModelMeta } from '../meta/model-meta.ts'

/**
 * Sets columns of an instance; `save` looks at the values.
 * @throws {UnknownColumnError} {@link UndefinedValueError} {@link InvalidValueError} before anything is set
 */
export function fill(meta: ModelMeta, instance: object, values: unknown): void {
  const where = `The values of ${meta.name}`
  if (values === undefined) throw new UndefinedValueError(where)
  if (typeof values !== 'object' || values === null || Array.isArray(values))
    throw new InvalidValueError(where, 'pass an object of columns and values.')
  const entries = Object.entries(values)
  for (const [property, value] of entries) {
    const { field } = columnOf(meta, property)
    if (value === undefined) throw new UndefinedValueError(`${meta.name}.${property}`)
    if (field.generated) throw new InvalidValueError(`${meta.name}.${property}`, 'the engine computes it, so it cannot be written.')
  }
  Object.assign(instance, Object.fromEntries(entries))
}

function columnOf(meta: ModelMeta, property: string): ReturnType<ModelMeta['column']> {
  const column = meta.findColumn(property)
  if (column) return column
  throw new UnknownColumnError(
    meta.name,
    property,
    meta.columns.map((known) => known.property),
  )
}
