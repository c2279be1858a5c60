import type { Database } from '@covet/db'
import type { Sql } from './dialect.ts'
import { binder, type Bind } from './param.ts'

/** A statement whose text is ready and whose parameters are made of a query's values. */
export interface Compiled {
  readonly text: string
  readonly bind: Bind
}

/** Lets kysely's compiler of the engine write the text. */
export function compileSql(statement: Sql, database: Database): Compiled {
  const { sql: text, parameters } = statement.compile(database.kysely<unknown>())
  return { text, bind: binder(parameters) }
}
