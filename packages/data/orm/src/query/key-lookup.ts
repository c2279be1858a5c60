import type { Database, MaybePromise } from '@covet/db'
import { checkValue } from '../codecs/check.ts'
import { InvalidQueryError } from '../errors.ts'
import { Keys } from '../loading/keys.ts'
import type { ColumnMeta, ModelMeta } from '../meta/model-meta.ts'
import { uniqueKeysIn } from '../schema/unique-keys.ts'
import { Chain } from './chain.ts'
import { checkedKey, findByKeys } from './find.ts'
import { keyOf } from './key.ts'
import { wherePath } from './ops.ts'
import { readInstances } from './read.ts'

/** How the instances of a model are found by keys of one kind. */
export interface KeyLookup {
  /** Tells keys apart. @throws {InvalidValueError} {@link UndefinedValueError} */
  identity(key: unknown): unknown
  find(keys: readonly unknown[]): MaybePromise<object[]>
  /** The key of an instance that was found. */
  keyOf(instance: object): unknown
}

/** @throws {InvalidQueryError} for a key without regard to case */
export function primaryLookup(meta: ModelMeta, database: Database): KeyLookup {
  for (const column of meta.primaryKey) assertCased(meta, column)
  const keys = new Keys(meta.primaryKey, meta.primaryKey)
  return {
    identity: (key) => keys.ofRow(checkedKey(meta, key)),
    find: (wanted) => findByKeys(meta, wanted, database),
    keyOf: (instance) => keyOf(meta, instance),
  }
}

/** @throws {InvalidQueryError} for a column of which several rows may have one value */
export function uniqueLookup(meta: ModelMeta, property: string, database: Database): KeyLookup {
  const column = meta.column(property)
  const name = `${meta.name}.${property}`
  if (!uniqueKeysIn(database, meta).some(([first, second]) => first?.column === column.column && !second))
    throw new InvalidQueryError(`keyLoader() finds one row by a key, and ${name} is not unique.`)
  assertCased(meta, column)
  const keys = new Keys([column], [column])
  return {
    identity: (key) => keys.ofValue(checkValue(key, column.field, name)),
    find: (values) => readInstances(Chain.of(meta).add(wherePath(meta, property, 'in', values)), database),
    keyOf: (instance) => (instance as Readonly<Record<string, unknown>>)[property],
  }
}

/** Which letters are the same without regard to case, each engine says otherwise. */
function assertCased({ name }: ModelMeta, { field, property }: ColumnMeta): void {
  if (field.ci)
    throw new InvalidQueryError(`keyLoader() tells keys apart itself, and ${name}.${property} is compared without regard to case.`)
}
