import type { ColumnKey, Constructor, KeyOf, ShapeOf } from '../types/shape.ts'
import type { SchemaColumn } from './schema-of.ts'

/** What validation asks of models. */
export interface Lookup {
  /** The columns of a model, foreign keys included. */
  columnsOf(model: Constructor<unknown>): readonly SchemaColumn[]
  /**
   * Whether a row has this value in this column, softly deleted ones left out.
   * @param except an instance or a key: a row that does not count
   */
  exists(model: Constructor<unknown>, column: string, value: unknown, except?: unknown): Promise<boolean>
}

/** A condition that only the database can tell. */
export interface Rule {
  /** The name in the issue. */
  readonly keyword: string
  /** A phrase that reads after the value's name, where it is refused. */
  check(value: unknown, lookup: Lookup): Promise<string | undefined>
}

export interface UniqueOptions<T> {
  /** The row that may have the value: the one that is updated, or its key. */
  readonly except?: T | KeyOf<T> | null | undefined
}

/**
 * No other row has this value. The unique constraint stays what decides: two requests at once may both be told yes.
 * @example await validate(User, 'create', body, { email: unique(User, 'email') })
 */
export function unique<T, K extends ColumnKey<ShapeOf<T>>>(model: Constructor<T>, column: K, options: UniqueOptions<T> = {}): Rule {
  return {
    keyword: 'unique',
    async check(value, lookup) {
      const taken = await lookup.exists(model, column, value, options.except ?? undefined)
      return taken ? 'is already taken' : undefined
    },
  }
}

/**
 * A row has this value. Its name is not that of the expression `exists(query)`, which is a condition of a query.
 * @example await validate(Post, 'create', body, { authorId: existsRule(User, 'id') })
 */
export function existsRule<T, K extends ColumnKey<ShapeOf<T>>>(model: Constructor<T>, column: K): Rule {
  return {
    keyword: 'exists',
    async check(value, lookup) {
      return (await lookup.exists(model, column, value)) ? undefined : 'does not exist'
    },
  }
}
