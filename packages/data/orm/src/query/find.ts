import type { Database, MaybePromise } from '@covet/db'
import { checkValue } from '../codecs/check.ts'
import { detection } from '../detect/detection.ts'
import { noticeQuery } from '../detect/detector.ts'
import { InvalidQueryError } from '../errors.ts'
import { equal, valueNode } from '../expressions/parts.ts'
import { rootOf } from '../expressions/source.ts'
import type { FieldDefinition } from '../fields/definition.ts'
import { Keys, valuesOf } from '../loading/keys.ts'
import { chained } from '../maybe.ts'
import type { Row } from '../hydrate/base-class.ts'
import type { ColumnMeta, ModelMeta } from '../meta/model-meta.ts'
import { Chain } from './chain.ts'
import { keyMembers } from './key.ts'
import { keysNode, type KeyValues } from './key-nodes.ts'
import { whereNode } from './ops.ts'
import { readInstances, type ReadPlan, readPlanOf } from './read.ts'
import { readCompiled } from './run.ts'

/** The query for one key, of which only the values change. */
interface Lookup {
  readonly columns: readonly ColumnMeta[]
  /** The field of a key that is one column, as most are. */
  readonly only: FieldDefinition | undefined
  readonly chain: Chain
  /** The values of the model's scope, which stand before those of the key. */
  readonly scoped: readonly unknown[]
  readonly where: string
  /** That of the engine asked last. Nothing else than the engine makes a difference: lookups with values of a scope are not kept. */
  plan: ReadPlan | undefined
  dialect: string
}

const lookups = new WeakMap<ModelMeta, Lookup>()

/**
 * The instance with a primary key. The chain is made once per model: what is left of it per call is the check of the
 * key and the plan of the shape.
 * @throws {InvalidValueError} {@link UndefinedValueError}
 */
export function findByKey(meta: ModelMeta, key: unknown, database: Database): Promise<object | null> {
  const lookup = lookups.get(meta) ?? prepare(meta)
  const { chain, scoped } = lookup
  const own = keyValues(meta, lookup, key)
  const values = scoped.length === 0 ? own : [...scoped, ...own]
  if (detection.on) noticeQuery(chain, values)
  const plan = lookup.dialect === database.dialect && lookup.plan ? lookup.plan : planFor(lookup, database, values)
  const rows = readCompiled(plan, values, chain, database)
  return Array.isArray(rows) ? Promise.resolve(firstOf(rows, plan, database)) : rows.then((found) => firstOf(found, plan, database))
}

function planFor(lookup: Lookup, database: Database, values: readonly unknown[]): ReadPlan {
  const plan = readPlanOf(lookup.chain, database, values)
  lookup.plan = plan
  lookup.dialect = database.dialect
  return plan
}

function firstOf(rows: Row[], plan: ReadPlan, database: Database): object | null {
  return rows.length === 0 ? null : (plan.hydrate(rows, database)[0] ?? null)
}

/** The instances with these keys, in the order of the keys. */
export function findByKeys(meta: ModelMeta, keys: unknown, database: Database): MaybePromise<object[]> {
  if (!Array.isArray(keys)) throw new InvalidQueryError(`${meta.name}.findMany() takes a list of keys.`, { statusCode: 400 })
  const lookup = lookups.get(meta) ?? prepare(meta)
  const { columns } = lookup
  const wanted = keys.map((key: unknown) => keyValues(meta, lookup, key))
  if (wanted.length === 0) return []
  const chain = Chain.of(meta).add(whereNode(keysNode(meta, wanted)))
  return chained(readInstances(chain, database), (found) => inOrder(found, columns, wanted, database))
}

function inOrder(
  found: object[],
  columns: readonly ColumnMeta[],
  wanted: readonly KeyValues[],
  database: Database,
): MaybePromise<object[]> {
  const keys = new Keys(columns, columns)
  const foundKeys = found.map((instance) => keys.ofRow(valuesOf(instance, columns)))
  const wantedKeys = wanted.map((values) => keys.ofRow(values))
  return chained(keys.sameness(database, [...foundKeys, ...wantedKeys]), (sameness) => {
    const byKey = new Map(found.map((instance, index) => [sameness(foundKeys[index]), instance]))
    return wantedKeys.map((key) => byKey.get(sameness(key))).filter((instance) => instance !== undefined)
  })
}

/** The values of a key, checked. @throws {InvalidValueError} {@link UndefinedValueError} */
export function checkedKey(meta: ModelMeta, key: unknown): KeyValues {
  return keyValues(meta, lookups.get(meta) ?? prepare(meta), key)
}

function keyValues(meta: ModelMeta, { columns, only, where }: Lookup, key: unknown): unknown[] {
  if (only !== undefined && key !== null) return [checkValue(key, only, where)]
  const members = keyMembers(meta, key)
  return columns.map(({ property, field }) => checkValue(members[property], field, where))
}

function prepare(meta: ModelMeta): Lookup {
  const columns = meta.primaryKey
  const source = rootOf(meta)
  const bare = Chain.of(meta)
  const scoped = bare.values()
  const valuesAsGiven = scoped.length === 0 && columns.every(({ field }) => field.type === 'id')
  const chain = columns.reduce(
    // The value is a stand-in: calls bring their own.
    (before, column) => before.add(whereNode(equal({ kind: 'column', source, column }, valueNode('', column.field)))),
    bare.with({ firstOnly: true, ...(valuesAsGiven && { valuesAsGiven }) }),
  )
  const only = columns.length === 1 ? columns[0]?.field : undefined
  const lookup: Lookup = { columns, only, chain, scoped, where: `The key of ${meta.name}`, plan: undefined, dialect: '' }
  // A scope may look at who asks.
  if (!meta.declaration.options.scope) lookups.set(meta, lookup)
  return lookup
}
