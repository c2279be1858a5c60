import { types } from 'node:util'
import { sql } from 'kysely'
import type { Codec } from '../../codecs/codec.ts'
import type { ValueType } from '../../expressions/node.ts'
import type { Sql } from '../dialect.ts'

/** Values as one parameter of SQLite. */
export function jsonList(values: readonly unknown[], codec: Codec): string {
  return `[${values.map((value) => jsonValue(value, codec)).join(',')}]`
}

/** The same of composite keys. */
export function jsonTuples(tuples: readonly (readonly unknown[])[], codecs: readonly Codec[]): string {
  return `[${tuples.map((tuple) => `[${codecs.map((codec, index) => jsonValue(tuple[index], codec)).join(',')}]`).join(',')}]`
}

/** A value of such a list as what it was. @param value SQL that gives it */
export function listedSql(value: string, { type }: ValueType): Sql {
  return sql.raw(type === 'bytes' ? `unhex(${value})` : value)
}

/** Integers beyond 2^53 are written as digits, which JSON.stringify cannot do and SQLite reads exactly; bytes in hex. */
function jsonValue(value: unknown, { encode }: Codec): string {
  const encoded = encode ? encode(value) : value
  if (typeof encoded === 'bigint') return encoded.toString()
  return JSON.stringify(types.isUint8Array(encoded) ? Buffer.from(encoded).toString('hex') : encoded)
}
