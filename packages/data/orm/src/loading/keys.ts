import type { Database, MaybePromise } from '@covet/db'
import { compositeIdentity, identityOf, identityParts } from '../codecs/identity.ts'
import type { FieldType } from '../fields/definition.ts'
import { chained } from '../maybe.ts'
import type { ColumnMeta } from '../meta/model-meta.ts'
import { foldOf } from './folds.ts'

type Form = (value: unknown) => unknown
type Kind = 'number' | 'bigint' | 'text' | 'ci' | 'other'

/** The key of an instance in a form that a Map finds; undefined where a part of it is null. */
export type InstanceKey = (instance: object) => unknown

/**
 * How keys of two sides of a relation are compared: as they are where both are of one kind. Those without regard to case are
 * told apart by every letter; which of them are the same the engine says.
 */
export class Keys {
  readonly #forms: readonly Form[]
  /** Which parts are without regard to case. */
  readonly #folded: readonly boolean[]
  /** Whether different keys may be the same for the engine. */
  readonly folds: boolean

  constructor(near: readonly ColumnMeta[], far: readonly ColumnMeta[]) {
    this.#forms = near.map((column, index) => formOf(column, far[index] ?? column))
    this.#folded = near.map((column, index) => kindOf(column) === 'ci' && kindOf(far[index] ?? column) === 'ci')
    this.folds = this.#folded.includes(true)
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
    return compositeIdentity(values)
  }

  /** A key of however many columns it has. */
  ofRow(values: readonly unknown[]): unknown {
    return this.#forms.length === 1 ? this.ofValue(values[0]) : this.ofValues(values)
  }

  /**
   * What keys are the same by for the engine.
   * @param all that are going to be asked for
   */
  sameness(database: Database, all: readonly unknown[]): MaybePromise<(key: unknown) => unknown> {
    if (!this.folds) return same
    const texts = all.flatMap((key) => this.#partsOf(key).filter((_, index) => this.#folded[index]))
    return chained(foldOf(database, texts), (fold) => (key: unknown) => {
      const parts = this.#partsOf(key).map((part, index) => (this.#folded[index] ? fold(part) : part))
      return parts.length === 1 ? parts[0] : compositeIdentity(parts)
    })
  }

  #partsOf(key: unknown): readonly string[] {
    return this.#folded.length === 1 ? [String(key)] : identityParts(String(key))
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
  return kind === 'other' ? identityOf : same
}

function kindOf({ field }: ColumnMeta): Kind {
  return field.ci ? 'ci' : (kinds[field.type] ?? 'other')
}

function same(value: unknown): unknown {
  return value
}
