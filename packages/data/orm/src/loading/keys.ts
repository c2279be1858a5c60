import { types } from 'node:util'
import type { FieldType } from '../fields/definition.ts'
import type { ColumnMeta } from '../meta/model-meta.ts'

type Form = (value: unknown) => unknown
type Kind = 'number' | 'bigint' | 'text' | 'ci' | 'other'

/** The key of an instance in a form that a Map finds; undefined where a part of it is null. */
export type InstanceKey = (instance: object) => unknown

/** How keys of two sides of a relation are compared: as they are where both are of one kind. */
export class Keys {
  readonly #forms: readonly Form[]

  constructor(near: readonly ColumnMeta[], far: readonly ColumnMeta[]) {
    this.#forms = near.map((column, index) => formOf(column, far[index] ?? column))
  }

  /** Whether a key is one value as it is. */
  get plain(): boolean {
    return this.#forms.length === 1 && this.#forms[0] === same
  }

  /** The key that some columns of an instance are. */
  ofInstance(columns: readonly ColumnMeta[]): InstanceKey {
    const [form = same, second] = this.#forms
    const name = columns[0]?.property ?? ''
    if (second) return (instance) => this.ofValues(valuesOf(instance, columns))
    return (instance) => {
      const value = (instance as Readonly<Record<string, unknown>>)[name]
      if (value === null || value === undefined) return undefined
      return form === same ? value : form(value)
    }
  }

  /** A key of one column. */
  ofValue(value: unknown): unknown {
    return value === null || value === undefined ? undefined : this.#forms[0]?.(value)
  }

  /** A key of several columns. */
  ofValues(values: readonly unknown[]): unknown {
    const parts: string[] = []
    for (const [index, value] of values.entries()) {
      if (value === null || value === undefined) return undefined
      parts.push(String(this.#forms[index]?.(value)))
    }
    return JSON.stringify(parts)
  }
}

/** What is sent for a key: its one value, or the list of its values. */
export function sentKey(instance: object, columns: readonly ColumnMeta[]): unknown {
  const [only, second] = columns
  if (only && !second) return (instance as Readonly<Record<string, unknown>>)[only.property]
  return valuesOf(instance, columns)
}

export function valuesOf(instance: object, columns: readonly ColumnMeta[]): readonly unknown[] {
  return columns.map(({ property }) => (instance as Readonly<Record<string, unknown>>)[property])
}

const kinds: Readonly<Partial<Record<FieldType, Kind>>> = {
  id: 'number',
  int: 'number',
  bigid: 'bigint',
  bigint: 'bigint',
  uuid: 'text',
  string: 'text',
  text: 'text',
  enum: 'text',
  decimal: 'text',
  date: 'text',
  time: 'text',
}

function formOf(near: ColumnMeta, far: ColumnMeta): Form {
  const kind = kindOf(near)
  if (kind !== kindOf(far)) return String
  if (kind === 'ci') return (value) => String(value).toLowerCase()
  return kind === 'other' ? comparable : same
}

function kindOf({ field }: ColumnMeta): Kind {
  return field.ci ? 'ci' : (kinds[field.type] ?? 'other')
}

function same(value: unknown): unknown {
  return value
}

/** Dates and bytes are equal by what they hold. */
function comparable(value: unknown): unknown {
  if (types.isUint8Array(value)) return Buffer.from(value).toString('hex')
  return typeof value === 'object' && value !== null ? value.valueOf() : value
}
