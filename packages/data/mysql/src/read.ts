import { errors, type RowMode } from '@covet/db'
import type { FieldPacket } from 'mysql2'

/** The column types that are not read as mysql2 gives them. */
const columnType = { float: 0x04, timestamp: 0x07, longlong: 0x08, time: 0x0b, datetime: 0x0c, json: 0xf5 } as const

/** A row as mysql2 gives it. */
export type Row = Record<string, unknown> | unknown[]

/** Changes the row in place. */
export type RowReader = (row: Row) => void

type Convert = (value: string) => unknown

/** What the rows of an answer need, or nothing when they can stay as they are. As text, JSON stays as it was stored. */
export function rowReader(fields: readonly FieldPacket[], rowMode: RowMode): RowReader | undefined {
  const cells: [key: string, convert: Convert][] = []
  for (const [index, field] of fields.entries()) {
    const convert = rowMode === 'text' && field.columnType === columnType.json ? undefined : converter(field)
    if (convert) cells.push([rowMode === 'object' ? field.name : String(index), convert])
  }
  if (cells.length === 0) return undefined
  return (row) => {
    const values = row as Record<string, unknown>
    for (const [key, convert] of cells) {
      const value = values[key]
      // Everything to be converted comes as text; an integer within 2^53 comes as a number and stays one.
      if (typeof value === 'string') values[key] = convert(value)
    }
  }
}

/**
 * Whether a column is a FLOAT, whose text has six digits and whose binary form has more: a statement with one keeps to
 * the text protocol, so that its answer stays the same.
 */
export function hasFloat(fields: readonly FieldPacket[]): boolean {
  return fields.some((field) => field.columnType === columnType.float)
}

function converter({ columnType: type, name, decimals }: FieldPacket): Convert | undefined {
  switch (type) {
    case columnType.longlong:
      return BigInt
    case columnType.datetime:
    case columnType.timestamp:
      return (text) => toDate(text, name)
    case columnType.time:
      return decimals >= 1 && decimals <= 6 ? (text) => withDecimals(text, decimals) : undefined
    case columnType.json:
      return (text) => JSON.parse(text) as unknown
    default:
      return undefined
  }
}

/** From `2024-03-10 02:30:00.123456` in UTC; what is below the millisecond is cut. */
function toDate(text: string, column: string): Date {
  const date = new Date(`${text.slice(0, 10)}T${text.slice(11, 23)}Z`)
  if (!Number.isNaN(date.getTime())) return date
  throw new errors.UnrepresentableValueError(
    `Column '${column}' holds an incomplete date, which no Date can be`,
    'Read it as text: cast(… as char).',
  )
}

/** The binary protocol leaves out the zeros at the end of a time, the text protocol does not. */
function withDecimals(text: string, decimals: number): string {
  const [whole = text, fraction = ''] = text.split('.')
  return `${whole}.${fraction.padEnd(decimals, '0')}`
}
