import { sealedCodec } from '../crypto/sealed-codec.ts'
import { InvalidQueryError } from '../errors.ts'
import type { FieldDefinition } from '../fields/definition.ts'
import type { Codec, Codecs } from './codec.ts'
import { mysqlCodecs } from './mysql.ts'
import { postgresCodecs } from './postgres.ts'
import { sqliteCodecs } from './sqlite.ts'

const byDialect: ReadonlyMap<string, Codecs> = new Map([
  ['sqlite', sqliteCodecs],
  ['postgres', postgresCodecs],
  ['mysql', mysqlCodecs],
])

/** @throws {InvalidQueryError} for an engine the ORM does not know */
export function codecOf(field: FieldDefinition, dialect: string): Codec {
  const codecs = byDialect.get(dialect)
  if (!codecs)
    throw new InvalidQueryError(`The ORM has no codecs for the dialect '${dialect}'; it knows ${[...byDialect.keys()].join(', ')}.`)
  return field.encrypted ? sealedCodec(field) : codecs[field.type](field)
}

/** Whether the values of a field may differ from what the driver of some engine answers. */
export function isDecoded(field: FieldDefinition): boolean {
  return field.encrypted === true || [...byDialect.values()].some((codecs) => codecs[field.type](field).decode !== undefined)
}

export type { Codec } from './codec.ts'
