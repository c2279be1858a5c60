import { codecOf } from '../codecs/codec-of.ts'
import { ColumnNotRead } from '../errors.ts'
import type { ColumnMeta, ModelMeta } from '../meta/model-meta.ts'
import { accessOf } from './access.ts'

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
        set: assigning(property),
      },
    ]),
  )
}

/** The property of a column that was read for writing alone: it has its value, and is in nothing that is printed. */
export function unaskedProperty(meta: ModelMeta, { field, index, property }: ColumnMeta, dialect: string): PropertyDescriptorMap {
  const { rowOf } = accessOf(meta)
  const { decode } = codecOf(field, dialect)
  const get = function (this: object): unknown {
    const raw = rowOf(this)?.[index]
    return raw === null || raw === undefined || decode === undefined ? raw : decode(raw)
  }
  return { [property]: { configurable: true, enumerable: false, get, set: assigning(property) } }
}

function assigning(property: string): (this: object, value: unknown) => void {
  return function (value) {
    Object.defineProperty(this, property, { value, writable: true, enumerable: true, configurable: true })
  }
}
