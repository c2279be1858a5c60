import type { RawBuilder } from 'kysely'
import type { Codec } from '../codecs/codec.ts'
import type { Match, ValueType } from '../expressions/node.ts'

export type Sql = RawBuilder<unknown>

export interface LockOptions {
  readonly mode: 'update' | 'share'
  readonly wait: 'wait' | 'skipLocked' | 'noWait'
}

/** Where the engines' SQL differs, as far as models use it. */
export interface SqlDialect {
  /** As the database calls it: `sqlite`, `postgres`, `mysql`. */
  readonly name: string
  /** The value of a whole list as one parameter, or as many as the list's bucket has. */
  readonly lists: 'array' | 'json' | 'padded'
  /** `of in (…)` for a list that is one parameter. @param slot where the list stands among the query's values */
  inList(of: Sql, slot: number, codec: Codec, type: ValueType): Sql
  /** Text that contains, begins or ends with another, in which nothing is a wildcard. @param text a parameter */
  match(of: Sql, text: (encode: (value: unknown) => unknown) => Sql, how: Match, insensitive: boolean): Sql
  like(of: Sql, pattern: Sql, insensitive: boolean): Sql
  orderBy(by: Sql, direction: 'asc' | 'desc', nulls: 'first' | 'last', nullable: boolean): Sql
  /** @param offset needs a limit on some engines */
  limit(limit: Sql | undefined, offset: Sql | undefined): Sql
  lock(options: LockOptions): Sql
  /**
   * Functions it names or writes otherwise than the rest; `div` is a division of whole numbers, `times` and `share` are of
   * a decimal by a whole number, `decimal` is a decimal among operands.
   */
  call(name: string, args: readonly Sql[], type: ValueType, of: ValueType | undefined): Sql | undefined
  /** A member of a JSON value, as JSON or as a bare value of this type. */
  json(of: Sql, path: readonly (string | number)[], type: ValueType): Sql
  /** A parameter with the text of a JSON value, where that is no JSON value to the engine. */
  jsonValue?(parameter: Sql): Sql
  /** A parameter whose type the engine cannot tell from its place. */
  typed(parameter: Sql, codec: Codec): Sql
}
