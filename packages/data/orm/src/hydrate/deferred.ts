import { ColumnNotRead } from '../errors.ts'
import type { ColumnMeta, ModelMeta } from '../meta/model-meta.ts'

/** Makes reading columns that were left out an error, and writing them what it always is. */
export function deferColumns({ name }: ModelMeta, instance: object, columns: readonly ColumnMeta[]): void {
  for (const { property } of columns) {
    Object.defineProperty(instance, property, {
      configurable: true,
      enumerable: false,
      get(): never {
        throw new ColumnNotRead(name, property)
      },
      set(value: unknown) {
        Object.defineProperty(instance, property, { value, writable: true, enumerable: true, configurable: true })
      },
    })
  }
}

/** Whether a column of the instance was left out and has not been set since. */
export function isDeferred(instance: object, { property }: ColumnMeta): boolean {
  return Object.getOwnPropertyDescriptor(instance, property)?.get !== undefined
}
