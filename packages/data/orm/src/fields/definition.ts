import type { TypeName } from '@covet/db/catalog'

export type FieldType =
  | 'id'
  | 'bigid'
  | 'uuid'
  | 'string'
  | 'text'
  | 'int'
  | 'bigint'
  | 'decimal'
  | 'float'
  | 'bool'
  | 'datetime'
  | 'date'
  | 'time'
  | 'json'
  | 'enum'
  | 'bytes'

/** What the framework does with a field on its own. */
export type FieldDuty = 'createdAt' | 'updatedAt' | 'deletedAt' | 'version'

/** A field as its model declares it, whatever the engine. Plain data: codecs, DDL, validation and forms are read off it. */
export interface FieldDefinition {
  readonly type: FieldType
  readonly nullable: boolean
  /** Name in the database. @default the property in snake_case */
  readonly column?: string
  /** Characters at most, of a string. */
  readonly max?: number
  /** Compares without regard to case. */
  readonly ci?: boolean
  /** Digits altogether and after the point, of a decimal. */
  readonly precision?: number
  readonly scale?: number
  /** The values of an enum, in their order. */
  readonly values?: readonly string[]
  /** Of an enum: the type of PostgreSQL its column has. */
  readonly native?: TypeName
  /** A value, or a function called per row in the application. */
  readonly default?: unknown
  readonly primary?: boolean
  readonly unique?: boolean
  readonly index?: boolean
  /** The engine computes it: never written. */
  readonly generated?: boolean
  /** Left out of `toJSON` and of every answer. */
  readonly hidden?: boolean
  /** Encrypted at rest under the named key of the key service. */
  readonly encrypted?: boolean
  readonly duty?: FieldDuty
  /** Further checks of the value before it is written: a message when it is refused. */
  readonly checks?: readonly ((value: unknown) => string | undefined)[]
}
