import type { Codec } from '../codecs/codec.ts'
import type { FieldDefinition } from '../fields/definition.ts'

type Convert = (value: unknown) => unknown

/**
 * From a checked value to what the driver would answer for it, so that a row just written can stand for one read. Absent
 * where the value is its own answer.
 */
export function rawOf(field: FieldDefinition, dialect: string, codec: Codec): Convert | undefined {
  if (dialect === 'postgres' && !field.encrypted) return postgres[field.type] ?? codec.encode
  // What MariaDB's driver answers is a Date too, and that of the row must not be the user's own.
  if (field.type === 'datetime' && codec.encode === undefined) return (value) => new Date(value as Date)
  return codec.encode
}

/** PostgreSQL answers in its text format. */
const postgres: Partial<Record<FieldDefinition['type'], Convert>> = {
  bool: (value) => (value === true ? 't' : 'f'),
  datetime: (value) => (value as Date).toISOString(),
  bytes: (value) => `\\x${Buffer.from(value as Uint8Array).toString('hex')}`,
}
