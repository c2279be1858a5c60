import type { Database, MaybePromise } from '@covet/db'
import { checkValue } from '../codecs/check.ts'
import { InvalidQueryError } from '../errors.ts'
import { Keys } from '../loading/keys.ts'
import type { ColumnMeta, ModelMeta } from '../meta/model-meta.ts'
import { Chain } from './chain.ts'
import { findByKeys, keyIdentity } from './find.ts'
import { wherePath } from './ops.ts'
import { readInstances } from './read.ts'

/** How the instances of a model are found by keys of one kind. */
export interface KeyLookup {
  /** Tells keys apart. @throws {InvalidValueError} {@link UndefinedValueError} */
  identity(key: unknown): string
  find(keys: readonly unknown[]): MaybePromise<object[]>
  /** The key of an instance that was found. */
  keyOf(instance: object): unknown
}

/** @throws {InvalidQueryError} for a key without regard to case */
export function primaryLookup(meta: ModelMeta, database: Database): KeyLookup {
  const [only, second] = meta.primaryKey
  for (const column of meta.primaryKey) assertCased(meta, column)
  return {
    identity: (key) => keyIdentity(meta, key),
    find: (keys) => findByKeys(meta, keys, database),
    keyOf(instance) {
      if (only && !second) return valueOf(instance, only)
      return Object.fromEntries(meta.primaryKey.map((column) => [column.property, valueOf(instance, column)]))
    },
  }
}

/** @throws {InvalidQueryError} for a column of which several rows may have one value */
export function uniqueLookup(meta: ModelMeta, property: string, database: Database): KeyLookup {
  const column = meta.column(property)
  const name = `${meta.name}.${property}`
  if (!isUnique(meta, column)) throw new InvalidQueryError(`keyLoader() finds one row by a key, and ${name} is not unique.`)
  assertCased(meta, column)
  const keys = new Keys([column], [column])
  return {
    identity: (key) => String(keys.ofValue(checkValue(key, column.field, name))),
    find: (values) => readInstances(Chain.of(meta).add(wherePath(meta, property, 'in', values)), database),
    keyOf: (instance) => valueOf(instance, column),
  }
}

/** Which letters are the same without regard to case, each engine says otherwise. */
function assertCased({ name }: ModelMeta, { field, property }: ColumnMeta): void {
  if (field.ci)
    throw new InvalidQueryError(`keyLoader() tells keys apart itself, and ${name}.${property} is compared without regard to case.`)
}

function isUnique({ primaryKey, declaration }: ModelMeta, column: ColumnMeta): boolean {
  const [key, second] = primaryKey
  const { unique = [] } = declaration.options
  return (
    column.field.unique === true ||
    (key === column && !second) ||
    unique.some(([first, more]) => first === column.property && more === undefined)
  )
}

function valueOf(instance: object, { property }: ColumnMeta): unknown {
  return (instance as Readonly<Record<string, unknown>>)[property]
}
