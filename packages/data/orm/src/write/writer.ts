import type { Database } from '@covet/db'
import { byDialect } from '../by-dialect.ts'
import { InvalidQueryError } from '../errors.ts'
import { decodersOf, type Hydrate, hydrator } from '../hydrate/instances.ts'
import type { ModelMeta } from '../meta/model-meta.ts'
import { now } from './clock.ts'
import type { InsertPlan } from './insert-plan.ts'
import { type EncodeRow, rowEncoder } from './row-encoder.ts'
import type { UpdatePlan } from './update-plan.ts'
import { noMark, type WriteColumn, writeColumn } from './write-column.ts'

/** Which columns a statement has, as a key of its plan. */
export type ColumnSet = number | string

const noTime = new Date(0)

/** What is known about writing rows of one model to one engine. Statements are kept by the columns they have. */
export class Writer {
  readonly meta: ModelMeta
  readonly dialect: string
  readonly columns: readonly WriteColumn[]
  readonly byProperty: ReadonlyMap<string, WriteColumn>
  readonly primaryKey: readonly WriteColumn[]
  /** The column the engine counts up. */
  readonly counted: WriteColumn | undefined
  /** Those the engine computes. */
  readonly generated: readonly WriteColumn[]
  readonly createdAt: WriteColumn | undefined
  readonly updatedAt: WriteColumn | undefined
  readonly deletedAt: WriteColumn | undefined
  readonly version: WriteColumn | undefined
  /** What an update writes on its own, or the engine computes. */
  readonly besides: readonly WriteColumn[]
  /** Those an INSERT changes. */
  readonly tables: readonly string[]
  readonly hydrate: Hydrate
  /** The key of no columns. Those of others are this and their marks, added in their order. */
  readonly noColumns: ColumnSet
  readonly encode: EncodeRow
  readonly inserts: Map<ColumnSet, InsertPlan> = new Map()
  /** For servers whose INSERT answers with nothing. */
  readonly silentInserts: Map<ColumnSet, InsertPlan> = new Map()
  readonly updates: Map<ColumnSet, UpdatePlan> = new Map()
  /** Other statements, by what they do. */
  readonly texts: Map<string, string> = new Map()

  constructor(meta: ModelMeta, dialect: string) {
    this.meta = meta
    this.dialect = dialect
    this.columns = meta.columns.map((column) => writeColumn(meta, column, dialect))
    this.byProperty = new Map(this.columns.map((column) => [column.property, column]))
    this.primaryKey = meta.primaryKey.map(({ index }) => this.columns[index] as WriteColumn)
    this.counted = this.columns.find(({ counted }) => counted)
    this.generated = this.columns.filter(({ field }) => field.generated)
    const duty = (name: string): WriteColumn | undefined => this.columns.find(({ field }) => field.duty === name)
    this.createdAt = duty('createdAt')
    this.updatedAt = duty('updatedAt')
    this.deletedAt = duty('deletedAt')
    this.version = duty('version')
    this.besides = [this.updatedAt, this.version, ...this.generated].filter((column) => column !== undefined)
    this.tables = [meta.table]
    this.hydrate = hydrator(meta, dialect, decodersOf(meta.columns, dialect))
    this.noColumns = noMark(meta)
    this.encode = rowEncoder(this.columns, this.noColumns)
  }

  /** The time of a write. Asking the clock is a tenth of what a small insert costs above the driver: a model without times gets any. */
  time(): Date {
    return this.createdAt || this.updatedAt ? now() : noTime
  }

  /** A statement's text, made once. */
  text(what: string, make: () => string): string {
    const known = this.texts.get(what)
    if (known !== undefined) return known
    const text = make()
    this.texts.set(what, text)
    return text
  }
}

/** The column that marks deleted rows. @throws {InvalidQueryError} for a model without one */
export function deletionMark({ meta, deletedAt }: Writer): WriteColumn {
  if (deletedAt) return deletedAt
  throw new InvalidQueryError(`${meta.name} has no f.deletedAt(), so what is deleted is gone.`)
}

/** Whether these are the columns of the primary key, in any order. */
export function isPrimaryKey({ primaryKey }: Writer, columns: readonly WriteColumn[]): boolean {
  return columns.length === primaryKey.length && columns.every((column) => primaryKey.includes(column))
}

export const writerOf: (meta: ModelMeta, database: Database) => Writer = byDialect((meta, dialect) => new Writer(meta, dialect))
