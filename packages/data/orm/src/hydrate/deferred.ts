import { ColumnNotRead } from '../errors.ts'
import type { ColumnMeta, ModelMeta } from '../meta/model-meta.ts'

/** Whether an instance has no value of a column: nothing was read and nothing set. */
export function isUnread(instance: object, property: string): boolean {
  const own = Object.getOwnPropertyDescriptor(instance, property)
  return own === undefined || own.get !== undefined
}

/** Properties of columns that were left out, for any instance: reading them is an error, and writing them what it always is. */
export function deferredProperties({ name }: ModelMeta, columns: readonly ColumnMeta[]): PropertyDescriptorMap {
  return Object.fromEntries(
    columns.map(({ property }): [string, PropertyDescriptor] => [
      property,
      {
        configurable: true,
        enumerable: false,
        get(): never {
          throw new ColumnNotRead(name, property)
        },
        set(this: object, value: unknown) {
          Object.defineProperty(this, property, { value, writable: true, enumerable: true, configurable: true })
        },
      },
    ]),
  )
}
