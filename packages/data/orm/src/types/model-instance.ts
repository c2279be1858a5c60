import type { Altered } from './altered.ts'
import type { PathsOf, WithQueries } from './query.ts'
import type { RelationHandle } from './relation-handle.ts'
import type { RelationPath } from './path.ts'
import type { Read, Row, Update } from './row.ts'
import type { PathKey } from './shape.ts'
import type { KEY, SHAPE } from './symbols.ts'
import type { Heads, Loaded, Tails } from './with.ts'

/** What every instance has beside its columns. */
export interface ModelInstance<S, Named = readonly []> {
  readonly [SHAPE]: S
  readonly [KEY]: Named
  /** Creates the row, or writes the columns that changed; nothing is sent when none did. @throws {StaleObject} */
  save(): Promise<this>
  /** Softly where the model does. @throws {StaleObject} */
  delete(): Promise<void>
  /** Undoes a soft deletion. */
  restore(): Promise<this>
  /** Deletes for good. */
  forceDelete(): Promise<void>
  /** Reads the columns again; loaded relations are forgotten. @throws {NotFound} */
  refresh(): Promise<this>
  /** Loads relations, for all instances of the same result that lack them. @returns the same instance with a narrower type */
  load<K extends string>(...paths: RelationPath<S, K>[]): Promise<this & LoadedOn<S, K>>
  load<W extends WithQueries<S>>(queries: W): Promise<this & LoadedOn<S, PathsOf<W, S>> & Altered<W, S>>
  /** A query for the related rows, which also adds and removes them. */
  related<K extends PathKey<S>>(relation: K): RelationHandle<S[K]>
  /** Sets several columns; `save` writes them. */
  fill(values: Update<S>): this
  /** Whether a column differs from what is stored. */
  isDirty(): boolean
  /** The columns that differ from what is stored. */
  changes(): Partial<Row<S>>
  /** Columns and loaded relations, hidden ones left out. */
  toJSON(): Read<S>
}

type LoadedOn<S, P extends string> = { [Head in Heads<P>]: Head extends keyof S ? Loaded<S[Head], Tails<P, Head>> : never }

/** The names no column and no relation may have. */
export type ReservedName = keyof ModelInstance<unknown> & string
