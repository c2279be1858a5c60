import { InvalidValueError, UndefinedValueError } from '../errors.ts'
import type { ModelMeta } from '../meta/model-meta.ts'
import { assertWritable } from './write-column.ts'

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
    const { field } = meta.column(property)
    if (value === undefined) throw new UndefinedValueError(`${meta.name}.${property}`)
    assertWritable(field, `${meta.name}.${property}`)
  }
  Object.assign(instance, Object.fromEntries(entries))
}
