import type { Column, ColumnDefault, ColumnType } from '@covet/db/catalog'
import { types } from 'node:util'
import { encodeJson } from '../codecs/json.ts'
import { checkValue } from '../codecs/check.ts'
import { ModelDefinitionError } from '../errors.ts'
import type { FieldDefinition } from '../fields/definition.ts'
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
  const { type, max, ci, precision = 38, scale = 0, values = [] } = field
  // What is encrypted is text, whatever it was.
  if (field.encrypted) return { kind: 'text' }
  switch (type) {
    case 'id':
    case 'bigid':
    case 'int':
    case 'bigint':
      return { kind: 'integer', bits: 64 }
    case 'string':
      return { kind: 'string', max: max ?? 255, ...(ci && { ci }) }
    case 'text':
      return { kind: 'text', ...(ci && { ci }) }
    case 'decimal':
      return { kind: 'decimal', precision, scale }
    case 'float':
      return { kind: 'float', bits: 64 }
    case 'bool':
      return { kind: 'boolean' }
    case 'datetime':
      return { kind: 'datetime', precision: milliseconds }
    case 'time':
      return { kind: 'time', precision: milliseconds }
    case 'enum':
      return { kind: 'enum', values }
    default:
      return { kind: type }
  }
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
  if (types.isDate(value)) return value.toISOString()
  if (types.isUint8Array(value)) return Buffer.from(value).toString('hex')
  if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) return Number(value)
  return typeof value === 'number' || typeof value === 'boolean' ? value : String(value)
}
