import type { Column, ColumnDefault, ColumnType } from '@covet/db/catalog'
import { types as kinds } from 'node:util'
import { encodeJson } from '../codecs/json.ts'
import { checkValue } from '../codecs/check.ts'
import { ModelDefinitionError } from '../errors.ts'
import type { FieldDefinition, FieldType } from '../fields/definition.ts'
import type { ColumnMeta, ModelMeta } from '../meta/model-meta.ts'

/** Digits of a second that a JavaScript Date has. */
const milliseconds = 3

/** A column as the catalogue describes it. */
export function columnOf(meta: ModelMeta, { column, property, field }: ColumnMeta): Column {
  if (field.generated) {
    throw new ModelDefinitionError(
      meta.name,
      `the engine computes '${property}', but the model does not say how, so its table cannot be made from the model. Create the table by a migration.`,
    )
  }
  const isCounted = (field.type === 'id' || field.type === 'bigid') && meta.primaryKey.length === 1
  const value = defaultOf(field, `${meta.name}.${property}`)
  return {
    name: column,
    type: typeOf(field),
    nullable: field.nullable,
    ...(isCounted && { identity: 'by default' as const }),
    ...(value && { default: value }),
  }
}

export function typeOf(field: FieldDefinition): ColumnType {
  // What is encrypted is text, whatever it was.
  return field.encrypted ? { kind: 'text' } : types[field.type](field)
}

const integer: ColumnType = { kind: 'integer', bits: 64 }

const types: Readonly<Record<FieldType, (field: FieldDefinition) => ColumnType>> = {
  id: () => integer,
  bigid: () => integer,
  int: () => integer,
  bigint: () => integer,
  uuid: () => ({ kind: 'uuid' }),
  string: ({ max = 255, ci }) => ({ kind: 'string', max, ...(ci && { ci }) }),
  text: ({ ci }) => ({ kind: 'text', ...(ci && { ci }) }),
  decimal: ({ precision = 38, scale = 0 }) => ({ kind: 'decimal', precision, scale }),
  float: () => ({ kind: 'float', bits: 64 }),
  bool: () => ({ kind: 'boolean' }),
  datetime: () => ({ kind: 'datetime', precision: milliseconds }),
  date: () => ({ kind: 'date' }),
  time: () => ({ kind: 'time', precision: milliseconds }),
  json: () => ({ kind: 'json' }),
  enum: ({ values = [], native }) => ({ kind: 'enum', values, ...native }),
  bytes: () => ({ kind: 'bytes' }),
}

/** Defaults that are values; functions run in the application. */
function defaultOf(field: FieldDefinition, where: string): ColumnDefault | undefined {
  if (field.default === undefined || typeof field.default === 'function' || field.encrypted) return undefined
  const value = checkValue(field.default, field, where)
  if (value === null) return undefined
  return { kind: 'literal', value: literalOf(value, field) }
}

function literalOf(value: unknown, { type }: FieldDefinition): string | number | boolean {
  if (type === 'json') return encodeJson(value)
  if (kinds.isDate(value)) return value.toISOString()
  if (kinds.isUint8Array(value)) return Buffer.from(value).toString('hex')
  if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) return Number(value)
  return typeof value === 'number' || typeof value === 'boolean' ? value : String(value)
}
