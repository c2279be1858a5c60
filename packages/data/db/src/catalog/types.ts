/**
 * The schema of one database as plain data: what was read from a server, or what should be there. Two catalogues of the
 * same dialect describe the same schema when they are deeply equal; see {@link adaptCatalog} for one that was written by hand.
 */
export interface Catalog {
  /** By name. */
  readonly tables: readonly Table[]
}

export interface Table {
  readonly name: string
  /** In the order of the table. */
  readonly columns: readonly Column[]
  /** In the order of the key; empty without one. */
  readonly primaryKey: readonly string[]
  readonly foreignKeys: readonly ForeignKey[]
  readonly uniques: readonly Unique[]
  readonly indexes: readonly Index[]
  readonly checks: readonly Check[]
  readonly comment?: string
  /** What only SQLite has. */
  readonly sqlite?: { readonly strict?: true; readonly withoutRowid?: true }
}

export interface Column {
  readonly name: string
  readonly type: ColumnType
  /** The type as the server spells it; SQLite, which has no types, as it was declared. Information, except for `other`. */
  readonly native?: string
  readonly nullable: boolean
  /** Absent: none, or null. */
  readonly default?: ColumnDefault
  /**
   * The engine numbers the rows. `always`: it refuses a given number without `overriding system value`. `rowid`: SQLite
   * without AUTOINCREMENT, which gives a number again after its row is deleted.
   */
  readonly identity?: 'by default' | 'always' | 'rowid'
  readonly generated?: { readonly expression: string; readonly stored: boolean }
  /** An expression that MySQL and MariaDB set the column to at every update. */
  readonly onUpdate?: string
  readonly comment?: string
}

/** What a column holds, whatever the engine calls it. */
export type ColumnType =
  | { readonly kind: 'boolean' | 'uuid' | 'json' | 'date' }
  | { readonly kind: 'integer'; readonly bits: 8 | 16 | 24 | 32 | 64; readonly unsigned?: true }
  | { readonly kind: 'decimal'; readonly precision?: number; readonly scale?: number }
  | { readonly kind: 'float'; readonly bits: 32 | 64 }
  /** `max`: characters. `ci`: compares without regard to case. `fixed`: padded with spaces. */
  | { readonly kind: 'string'; readonly max?: number; readonly ci?: true; readonly fixed?: true }
  | { readonly kind: 'text'; readonly ci?: true }
  /**
   * Text of these values. `name`: a type of PostgreSQL; without it a check, or the ENUM of MySQL. `schema`: that of the type,
   * where the session does not look for it by itself.
   */
  | { readonly kind: 'enum'; readonly values: readonly string[]; readonly name?: string; readonly schema?: string }
  /** `max`: bytes. */
  | { readonly kind: 'bytes'; readonly max?: number }
  /** `precision`: digits of a second. */
  | { readonly kind: 'time'; readonly precision: number }
  /** An instant. `local`: a reading of a clock whose zone is not known, `timestamp without time zone`. */
  | { readonly kind: 'datetime'; readonly precision: number; readonly local?: true }
  | { readonly kind: 'array'; readonly of: ColumnType }
  /** Anything else; `native` says what. */
  | { readonly kind: 'other' }

/**
 * A literal by the column's type: a boolean, a number (a string when it is a decimal or beyond 2^53), a string; JSON as
 * text with sorted keys, a date `YYYY-MM-DD`, an instant as `Date.toISOString`, bytes in hexadecimal digits.
 */
export type ColumnDefault =
  | { readonly kind: 'literal'; readonly value: string | number | boolean }
  | { readonly kind: 'expression'; readonly sql: string }

export type ForeignKeyAction = 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default'

export interface ForeignKey {
  /** Absent: the engine has none for it, or, in a catalogue written by hand, the usual one: see {@link constraintName}. */
  readonly name?: string
  readonly columns: readonly string[]
  readonly references: { readonly table: string; readonly columns: readonly string[]; readonly schema?: string }
  readonly onDelete: ForeignKeyAction
  readonly onUpdate: ForeignKeyAction
  /** Checked at the commit: always (`deferred`), or when the transaction asks for it (`immediate`). */
  readonly deferrable?: 'immediate' | 'deferred'
}

export interface Unique {
  readonly name?: string
  readonly columns: readonly string[]
  /** Two nulls are equal. */
  readonly nullsNotDistinct?: true
  readonly deferrable?: 'immediate' | 'deferred'
}

export interface Index {
  readonly name: string
  readonly parts: readonly IndexPart[]
  readonly unique: boolean
  /** Only rows for which this holds are in the index. */
  readonly where?: string
  /** Absent: a B-tree. */
  readonly method?: string
  /** Columns kept beside the key. */
  readonly include?: readonly string[]
  readonly nullsNotDistinct?: true
}

export type IndexPart = ({ readonly column: string } | { readonly expression: string }) & {
  readonly order?: 'desc'
  /** Where the nulls are, when it is not where the order puts them. */
  readonly nulls?: 'first' | 'last'
  /** Characters of the column that MySQL and MariaDB index. */
  readonly length?: number
  readonly operatorClass?: string
}

export interface Check {
  readonly name?: string
  readonly expression: string
}

/** The engines whose schemas are understood. */
export type CatalogDialect = 'sqlite' | 'postgres' | 'mysql'
