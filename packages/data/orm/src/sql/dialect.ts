import type { RawBuilder } from 'kysely'
import type { Codec } from '../codecs/codec.ts'
import type { Match, ValueType } from '../expressions/node.ts'

export type Sql = RawBuilder<unknown>

export interface LockOptions {
  /**
   * `relate` and `replace` are for the owner of a relation: the second goes alone, the first beside others of its kind where
   * the engine allows that. Rows that refer to the owner wait for neither, where it has a lock that lets them go.
   */
  readonly mode: 'update' | 'share' | 'relate' | 'replace'
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
  /** @param joined what the rows are called where others are joined to them */
  lock(options: LockOptions, joined?: string): Sql
  /**
   * Functions it names or writes otherwise than the rest; `div` is a division of whole numbers, `times` and `share` are of
   * a decimal by a whole number, `decimal` is a decimal among operands, `averaged` is what an average is of.
   * @param areMovable whether the arguments, where they are written more than once, are to be the columns of a subquery
   */
  call(name: string, args: readonly Sql[], type: ValueType, of: ValueType | undefined, areMovable?: () => boolean): Sql | undefined
  /** A member of a JSON value, as JSON or as a bare value of this type. */
  json(of: Sql, path: readonly (string | number)[], type: ValueType): Sql
  /** A parameter with the text of a JSON value, where that is no JSON value to the engine. */
  jsonValue?(parameter: Sql): Sql
  /** A parameter whose type the engine cannot tell from its place. */
  typed(parameter: Sql, codec: Codec): Sql
}
