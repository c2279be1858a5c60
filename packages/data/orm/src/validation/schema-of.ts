import { type TProperties, Type, type TSchema, type TObject } from 'typebox'
import type { FieldDefinition } from '../fields/definition.ts'
import type { Purpose } from '../types/schema.ts'
import { fieldSchema } from './field-schema.ts'

/** A column of a model, foreign keys included. */
export interface SchemaColumn {
  readonly property: string
  readonly field: FieldDefinition
}

/**
 * A schema of a model's columns. For `create` and `update` generated columns are left out and unknown members refused; of an
 * update every member is optional. For `read` hidden columns are left out and all others are there.
 */
export function schemaOf(columns: readonly SchemaColumn[], purpose: Purpose): TObject {
  const properties: TProperties = {}
  for (const { property, field } of columns) {
    if (purpose === 'read' ? field.hidden : field.generated) continue
    const schema: TSchema = Type.Unsafe(fieldSchema(field, purpose))
    properties[property] = isOptional(field, purpose) ? Type.Optional(schema) : schema
  }
  return Type.Object(properties, purpose === 'read' ? {} : { additionalProperties: false })
}

function isOptional({ nullable, default: fallback, type, duty }: FieldDefinition, purpose: Purpose): boolean {
  if (purpose === 'read') return false
  if (purpose === 'update') return true
  return nullable || fallback !== undefined || type === 'id' || type === 'bigid' || duty !== undefined
}
