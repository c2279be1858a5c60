import { JsonNull } from '../codecs/check.ts'
import { computedDecoder } from '../codecs/computed.ts'
import type { ValueType } from '../expressions/node.ts'
import type { Selected } from '../query/state.ts'
import type { Row } from './base-class.ts'

interface Column {
  readonly name: string
  readonly decode: (raw: unknown) => unknown
}

/** Gives an object the computed values of a row by their names. @param offset where in the row they begin */
export function selectedSetter(selected: readonly Selected[], offset: number, dialect: string): (target: object, row: Row) => void {
  const columns = selected.map(({ name, type }): Column => ({ name, decode: plainDecoder(type, dialect) }))
  return (target, row) => {
    const own = target as Record<string, unknown>
    for (let index = 0; index < columns.length; index += 1) {
      const { name, decode } = columns[index] as Column
      const raw = row[offset + index]
      own[name] = raw === null ? null : decode(raw)
    }
  }
}

/** The null of JSON is null, as what is inside of JSON is what it is in JavaScript: plain rows print themselves. */
function plainDecoder(type: ValueType, dialect: string): Column['decode'] {
  const decode = computedDecoder(type, dialect)
  if (type.type !== 'json' || !type.encrypted) return decode
  return (raw) => {
    const value = decode(raw)
    return value === JsonNull ? null : value
  }
}
