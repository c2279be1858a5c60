import { codecOf } from '../codecs/codec-of.ts'
import { computedDecoder } from '../codecs/computed.ts'
import type { FieldDefinition } from '../fields/definition.ts'
import type { ColumnMeta } from '../meta/model-meta.ts'
import type { Selected } from '../query/state.ts'
import { Key } from './key.ts'

/** How the values of a column are written without being decoded; where that is not sure of a value, it is decoded after all. */
export type Kind = (typeof kinds)[keyof typeof kinds]

/** Numbers, for the loop that is run for each value. */
export const kinds = { decoded: 0, integer: 1, number: 2, text: 3, boolean: 4, instant: 5, bigint: 6 } as const

/** A column of the rows as their JSON has it. */
export interface JsonColumn {
  readonly key: Key
  readonly kind: Kind
  /** As instances and plain rows are read. */
  readonly decode: ((raw: unknown) => unknown) | undefined
  /** Read for the engine's sake, and not written. */
  readonly hidden: boolean
}

const kindOf: Readonly<Record<FieldDefinition['type'], Kind>> = {
  id: kinds.integer,
  bigid: kinds.bigint,
  uuid: kinds.text,
  string: kinds.text,
  text: kinds.text,
  int: kinds.integer,
  bigint: kinds.bigint,
  decimal: kinds.text,
  float: kinds.number,
  bool: kinds.boolean,
  datetime: kinds.instant,
  date: kinds.text,
  time: kinds.text,
  json: kinds.decoded,
  enum: kinds.text,
  bytes: kinds.decoded,
}

/** The columns of instances. */
export function modelColumns(columns: readonly ColumnMeta[], dialect: string): readonly JsonColumn[] {
  return keyed(
    columns.map(({ property, field }) => {
      const { decode, guard } = codecOf(field, dialect)
      return { name: property, field, decode: decode ?? guard }
    }),
    dialect,
  )
}

/** What plain rows have. */
export function selectedColumns(selected: readonly Selected[], dialect: string): readonly JsonColumn[] {
  return keyed(
    selected.map(({ name, type }) => ({ name, field: { ...type, hidden: false }, decode: computedDecoder(type, dialect) })),
    dialect,
  )
}

interface Named {
  readonly name: string
  readonly field: FieldDefinition
  readonly decode: ((raw: unknown) => unknown) | undefined
}

function keyed(columns: readonly Named[], dialect: string): readonly JsonColumn[] {
  let opened = false
  return columns.map(({ name, field, decode }) => {
    const hidden = field.hidden === true
    const key = new Key(`${opened ? ',' : '{'}${JSON.stringify(name)}:`)
    opened ||= !hidden
    return { key, kind: kindAt(field, dialect), decode, hidden }
  })
}

/** A text the codec changes is none that could be copied; decimals are changed by SQLite alone. */
function kindAt(field: FieldDefinition, dialect: string): Kind {
  const kind = field.encrypted ? kinds.decoded : kindOf[field.type]
  // mysql2 gives Dates.
  if (kind === kinds.instant && dialect === 'mysql') return kinds.decoded
  if (kind !== kinds.text) return kind
  if (field.type === 'decimal') return dialect === 'sqlite' ? kinds.decoded : kind
  return codecOf(field, dialect).decode === undefined ? kind : kinds.decoded
}
