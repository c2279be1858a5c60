import type { IsHasMany, IsHasOne } from './kinds.ts'
import type { Query } from './query.ts'
import type { Insert, Update } from './row.ts'
import type { InstanceOf, KeyOf, ShapeOf, TargetOf } from './shape.ts'

/** A related row: an instance of it, or its key. */
type Related<T> = T | KeyOf<T>

/** The row that this one refers to. */
export interface BelongsToHandle<T, Nullable> extends Query<T> {
  /** Refers to another row, and stores that. */
  set(target: Related<T> | (Nullable extends true ? null : never)): Promise<void>
}

/** The row that refers to this one. */
export interface HasOneHandle<T> extends Query<T> {
  create(values: OwnedInsert<T>): Promise<T>
  /** @throws {ForeignKeyViolation} for a row that is not there, or that its key does not find */
  set(target: Related<T> | null): Promise<void>
}

/** The rows that refer to this one. */
export interface HasManyHandle<T> extends Query<T> {
  create(values: OwnedInsert<T>): Promise<T>
  createMany(values: readonly OwnedInsert<T>[]): Promise<T[]>
  /**
   * All of them, or none. Instances get the key, `updatedAt` and `version` of their rows, as far as there are any. An instance
   * is its row, whether or not queries of its model see that; a key finds what they see.
   * @throws {ForeignKeyViolation} for a row that is not there
   */
  add(...targets: Related<T>[]): Promise<void>
  /** Lets them refer to nothing. @throws {NotNullViolation} where they must refer to something */
  remove(...targets: Related<T>[]): Promise<void>
  set(targets: readonly Related<T>[]): Promise<void>
}

/** The rows related through a junction. */
export interface ManyToManyHandle<T, Through> extends Query<T> {
  /** Related ones stay as they are. A softly deleted row of the junction whose primary key is the pair lives again. */
  add(...targets: Related<T>[]): Promise<void>
  add(target: Related<T>, pivot: PivotValues<Through>): Promise<void>
  remove(...targets: Related<T>[]): Promise<void>
  /** Adds and removes what differs, with this row locked. */
  set(targets: readonly Related<T>[]): Promise<void>
  create(values: Insert<ShapeOf<T>>, pivot?: PivotValues<Through>): Promise<T>
}

/** Further columns of the junction. */
type PivotValues<Through> = [Through] extends [never] ? never : Update<ShapeOf<InstanceOf<Through>>>

/** The foreign key is filled in, so what must be there otherwise may be left out. */
type OwnedInsert<T> = Update<ShapeOf<T>>

/** What `related(name)` gives. */
export type RelationHandle<R> = R extends IsHasMany
  ? HasManyHandle<TargetOf<R>>
  : R extends IsHasOne
    ? HasOneHandle<TargetOf<R>>
    : R extends { kind: 'belongsTo'; '~nullable': infer Nullable }
      ? BelongsToHandle<TargetOf<R>, Nullable>
      : R extends { kind: 'manyToMany'; '~through': infer Through }
        ? ManyToManyHandle<TargetOf<R>, Through>
        : never
