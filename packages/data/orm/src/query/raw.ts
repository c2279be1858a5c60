import type { Database, MaybePromise } from '@covet/db'
import { InvalidQueryError } from '../errors.ts'
import { computedDecoder } from '../codecs/computed.ts'
import { accessOf } from '../hydrate/access.ts'
import type { Row } from '../hydrate/base-class.ts'
import { hydrator } from '../hydrate/instances.ts'
import { chained } from '../maybe.ts'
import type { ModelMeta } from '../meta/model-meta.ts'
import { writerOf } from '../write/writer.ts'

/**
 * Instances from SQL that stands in the application: columns of the model by their names in the database, further ones
 * as they come. Goes through the driver's row objects, since only the engine knows what the statement answers.
 */
export function readRaw(meta: ModelMeta, strings: unknown, values: readonly unknown[], database: Database): MaybePromise<object[]> {
  if (!Array.isArray(strings) || !Object.hasOwn(strings, 'raw'))
    throw new InvalidQueryError(`${meta.name}.raw is a template tag: ${meta.name}.raw\`select * from ${meta.table}\`.`)
  const rows = database.sql<Record<string, unknown>>(strings as unknown as TemplateStringsArray, ...values)
  return chained(rows, (found) => instancesOf(meta, found, database))
}

function instancesOf(meta: ModelMeta, found: readonly Record<string, unknown>[], database: Database): object[] {
  const own = new Set(meta.columns.map(({ column }) => column))
  const rows = found.map((row) => meta.columns.map((column) => cell(meta, column.column, row)))
  const instances = hydrator(
    meta,
    database.dialect,
    meta.columns.map(({ field }) => computedDecoder(field, database.dialect)),
  )(rows, database)
  for (const [index, instance] of instances.entries()) {
    keepAsWritten(instance, meta, database)
    for (const [name, value] of Object.entries(found[index] ?? {}))
      if (!own.has(name)) Object.assign(instance, { [furtherName(meta, name)]: value })
  }
  return instances
}

/** Row objects have values of their own: the row an instance is compared with is one that a writer would have sent. */
function keepAsWritten(instance: object, meta: ModelMeta, database: Database): void {
  const row = accessOf(meta).rowOf(instance) as Row
  for (const { index, property, raw } of writerOf(meta, database).columns) {
    const value = (instance as Readonly<Record<string, unknown>>)[property]
    if (raw !== undefined && value !== null) row[index] = raw(value)
  }
}

function cell(meta: ModelMeta, column: string, row: Readonly<Record<string, unknown>>): unknown {
  if (!Object.hasOwn(row, column))
    throw new InvalidQueryError(
      `The statement given to ${meta.name}.raw answers no column '${column}'. Select all columns of ${meta.table}, or use db.sql for plain rows.`,
    )
  return row[column]
}

/** @throws {InvalidQueryError} for one that would hide a column, a relation or a method */
function furtherName(meta: ModelMeta, name: string): string {
  if (meta.findColumn(name) || meta.hasRelation(name) || name in meta.model.prototype) {
    throw new InvalidQueryError(
      `The statement given to ${meta.name}.raw answers a column '${name}', which ${meta.name} has as something else. Name it otherwise in the SQL.`,
    )
  }
  return name
}
