import { sql } from 'kysely'
import { beyondNumbers } from '../codecs/codec.ts'
import { isScaled } from '../expressions/decimals.ts'
import type { ValueType } from '../expressions/node.ts'
import type { Sql } from '../sql/dialect.ts'

/**
 * How a value passes through JSON and comes out as the driver gives it outside of JSON, which is what codecs read and `save`
 * compares with. As a number of JSON an integer beyond 2^53 would be rounded, and a decimal would lose its zeros.
 */
export interface Cell {
  readonly toJson: (value: Sql) => Sql
  /** Never sees null. */
  readonly fromJson?: (value: unknown) => unknown
}

/** Of relations inside: JSON already. */
export const nested: ValueType = { type: 'json', nullable: false }

const asIs: Cell = { toJson: (value) => value }

export function cellOf(type: ValueType, dialect: string): Cell {
  if (type === nested) return asIs
  if (dialect === 'postgres') return postgresCell(type)
  return dialect === 'sqlite' ? sqliteCell(type) : mariadbCell(type)
}

/** As text, which is the form of all values in PostgreSQL's answers; of a boolean its first letter. */
function postgresCell({ type, encrypted }: ValueType): Cell {
  return { toJson: (value) => (type === 'bool' && !encrypted ? sql`left((${value})::text, 1)` : sql`(${value})::text`) }
}

function sqliteCell(type: ValueType): Cell {
  if (type.encrypted) return asIs
  switch (type.type) {
    case 'id':
    case 'int':
      return sqliteNumber
    case 'bigid':
    case 'bigint':
      return sqliteInteger
    case 'decimal':
      return isScaled(type) ? sqliteInteger : asIs
    case 'json':
      // What a function of JSON gives would be taken for a part of the array.
      return { toJson: (value) => sql`(${value} || '')` }
    case 'bytes':
      return { toJson: (value) => sql`iif(${value} is null, null, hex(${value}))`, fromJson: bytesOf }
    default:
      return asIs
  }
}

const sqliteInteger: Cell = { toJson: (value) => sql`cast(${value} as text)`, fromJson: exactOr(BigInt) }
const sqliteNumber: Cell = { ...sqliteInteger, fromJson: exactOr(refuseNumber) }
const mariadbInteger: Cell = { toJson: asText, fromJson: exactOr(String) }
const mariadbNumber: Cell = { toJson: asText, fromJson: exactOr(refuseNumber) }

function mariadbCell({ type, encrypted }: ValueType): Cell {
  if (encrypted) return { toJson: asText }
  switch (type) {
    case 'id':
    case 'int':
      return mariadbNumber
    case 'bigid':
    case 'bigint':
      return mariadbInteger
    case 'float':
    case 'bool':
      return asIs
    case 'bytes':
      return { toJson: (value) => sql`hex(${value})`, fromJson: bytesOf }
    default:
      return { toJson: asText }
  }
}

function asText(value: Sql): Sql {
  return sql`cast(${value} as char)`
}

/** A number where that is exact, as drivers give integers. */
function exactOr(beyond: (digits: string) => unknown): (value: unknown) => unknown {
  return (value) => {
    const digits = String(value)
    const number = Number(digits)
    return Number.isSafeInteger(number) || !/^-?\d+$/.test(digits) ? number : beyond(digits)
  }
}

/** @throws {UnrepresentableValueError} */
function refuseNumber(): never {
  throw beyondNumbers()
}

function bytesOf(value: unknown): unknown {
  return Buffer.from(String(value), 'hex')
}
