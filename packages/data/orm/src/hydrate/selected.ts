import { codecOf } from '../codecs/codec-of.ts'
import { computedDecoder } from '../codecs/computed.ts'
import type { Selected } from '../query/state.ts'
import type { Row } from './base-class.ts'

interface Column {
  readonly name: string
  readonly decode: (raw: unknown) => unknown
}

/** Gives an object the computed values of a row by their names. @param offset where in the row they begin */
export function selectedSetter(selected: readonly Selected[], offset: number, dialect: string): (target: object, row: Row) => void {
  const columns = selected.map((one): Column => ({ name: one.name, decode: decoderOf(one, dialect) }))
  return (target, row) => {
    const own = target as Record<string, unknown>
    for (let index = 0; index < columns.length; index += 1) {
      const { name, decode } = columns[index] as Column
      const raw = row[offset + index]
      own[name] = raw === null ? null : decode(raw)
    }
  }
}

/** A column tells JSON's null from that of SQL, as instances do; a member of a JSON value is what it is in JavaScript. */
function decoderOf({ node, type }: Selected, dialect: string): Column['decode'] {
  const ofColumn = node.kind === 'column' && type.type === 'json' ? codecOf(type, dialect).decode : undefined
  return ofColumn ?? computedDecoder(type, dialect)
}
