import type { Database } from '@covet/db'
import type { AddAltered } from './altered.ts'
import type { Cols } from './columns.ts'
import type { Expr } from './expression.ts'
import type { Hook, HookName } from './hooks.ts'
import type { ModelInstance } from './model-instance.ts'
import type { Operator, Operators } from './operators.ts'
import type { ColumnAt, ColumnPath, RelationPath } from './path.ts'
import type { PathsOf, Query, WithQueries } from './query.ts'
import type { CreateBody, Filter, Insert, KeyedUpdate, Match, Read, Row, Update, UpdateBody } from './row.ts'
import type { SchemaOf } from './schema.ts'
import type { ColumnKey, Constructor, KeyValue } from './shape.ts'

/** @typeParam K the columns of the model */
export interface UpsertOptions<K extends string> {
  /** The columns of the unique key that decides whether a row exists; by the primary key a softly deleted one does. */
  readonly on: readonly K[]
  /** The columns written to a row that exists; none leaves it as it is. @default all that were given, but the key's */
  readonly update?: readonly K[]
  /** MySQL and MariaDB take any unique key for the named one; true accepts that. @default false */
  readonly anyKey?: boolean
}

/** A model class. `this` of its static methods is the class they are called on, so a subclass gives its own instances. */
export interface ModelStatic<S, Named = readonly []> {
  new (): Row<S> & ModelInstance<S, Named>

  query<I>(this: Constructor<I>): Query<I>
  where<I, P extends string>(this: Constructor<I>, path: ColumnPath<S, P>, value: Filter<ColumnAt<S, P>>): Query<I>
  where<I, P extends string, O extends Operator>(
    this: Constructor<I>,
    path: ColumnPath<S, P>,
    operator: O,
    value: Operators<Filter<ColumnAt<S, P>>>[O],
  ): Query<I>
  where<I>(this: Constructor<I>, condition: (c: NoInfer<Cols<S>>) => Expr<'row' | 'window'>): Query<I>
  where<I>(this: Constructor<I>, match: Match<S>): Query<I>
  with<I, K extends string>(this: Constructor<I>, ...paths: RelationPath<S, K>[]): Query<I, K>
  with<I, W extends WithQueries<S>>(this: Constructor<I>, queries: W): Query<I, PathsOf<W, S>, AddAltered<unknown, W, S>>

  /** The instance with this key, or null. */
  find<I>(this: Constructor<I>, key: KeyValue<S, Named>): Promise<I | null>
  /** @throws {NotFound} */
  findOrFail<I>(this: Constructor<I>, key: KeyValue<S, Named>): Promise<I>
  /** The instances with these keys in their order; those that are not there are left out. */
  findMany<I>(this: Constructor<I>, keys: readonly KeyValue<S, Named>[]): Promise<I[]>

  create<I>(this: Constructor<I>, values: Insert<S>): Promise<I>
  /**
   * In the order given, past the hooks. A nullable column that only some rows give is null in the others, unless the model has
   * a default for it; one that only the database has is used where no row gives the column.
   */
  createMany<I>(this: Constructor<I>, values: readonly Insert<S>[]): Promise<I[]>
  /**
   * Writes into each row the values given beside its key, past the hooks; of the same key twice the last counts.
   * @returns how many there were
   */
  updateMany<I>(this: Constructor<I>, rows: readonly KeyedUpdate<S, Named>[]): Promise<number>
  /** Creates rows, or updates those that exist; of the same key twice the last counts. In the order given, past the hooks. */
  upsert<I>(this: Constructor<I>, values: Insert<S> | readonly Insert<S>[], options: UpsertOptions<ColumnKey<S>>): Promise<I[]>
  /** @param create what a new row gets beside `match` */
  firstOrCreate<I>(this: Constructor<I>, match: Update<S>, create?: Update<S>): Promise<I>
  /** Updates the row that matches, or creates one of both. */
  updateOrCreate<I>(this: Constructor<I>, match: Update<S>, update: Update<S>): Promise<I>
  /** Instances from SQL of your own, whose interpolated values are parameters. Further columns come as they are. */
  raw<I>(
    this: Constructor<I>,
    strings: TemplateStringsArray,
    ...values: readonly unknown[]
  ): Promise<(I & Readonly<Record<string, unknown>>)[]>

  /** @returns a function that takes the hook off again */
  on<I>(this: Constructor<I>, hook: HookName, work: Hook<I>): () => void
  /** The same model on this database, whatever is around. */
  using<C extends Constructor<unknown>>(this: C, database: Database): C

  /** The body of a create as a TypeBox schema. */
  schema(purpose: 'create'): SchemaOf<CreateBody<S>>
  /** The body of an update, all of it optional. */
  schema(purpose: 'update'): SchemaOf<UpdateBody<S>>
  /** What `toJSON` gives, without relations. */
  schema(purpose: 'read'): SchemaOf<Read<S>>
}
