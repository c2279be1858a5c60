import { types } from 'node:util'
import type { Row } from '../hydrate/base-class.ts'
import type { WriteColumn } from './write-column.ts'

/** What tells a row from others by a key: the same for a value given and the engine's answer. */
export function rowKey(row: Row, columns: readonly WriteColumn[]): string {
  const parts = columns.map((column) => part(column, row[column.index]))
  return parts.length === 1 ? (parts[0] ?? '') : JSON.stringify(parts)
}

function part({ decode, field }: WriteColumn, raw: unknown): string {
  const value = decode === undefined || raw === null ? raw : decode(raw)
  if (types.isDate(value)) return value.toISOString()
  if (types.isUint8Array(value)) return Buffer.from(value).toString('hex')
  return field.ci ? String(value).toLowerCase() : String(value)
}
