import type { Database } from '@covet/db'
import { type OperationNode, TableNode } from 'kysely'
import type { SqlContext } from './context.ts'
import type { Sql } from './dialect.ts'
import { binder, type Bind } from './param.ts'

/** A statement whose text is ready and whose parameters are made of a query's values. */
export interface Compiled {
  readonly text: string
  readonly bind: Bind
  /** The tables it reads or writes; those that stand in SQL of the user's own are not known. */
  readonly tables: readonly string[]
  /** The columns of its rows that may hold integers; absent where that is not known. */
  readonly integerColumns?: readonly number[]
  /** Those of them that are read as numbers, by instances of whose rows nobody looks whether they are. */
  readonly numberColumns?: readonly number[]
  /** Its parameters need not be looked at: see `Statement` of `@covet/db`. */
  readonly valuesAsGiven?: boolean
}

/** Lets kysely's compiler of the engine write the text. @param context in which it was made */
export function compileSql(statement: Sql, context: SqlContext, database: Database): Compiled {
  const whole = context.whole(statement)
  const { sql: text, parameters } = whole.compile(database.kysely<unknown>())
  return { text, bind: binder(parameters), tables: [...tablesIn(whole.toOperationNode())] }
}

/** The tables named anywhere in a statement. */
function tablesIn(node: OperationNode, found: Set<string> = new Set()): Set<string> {
  if (TableNode.is(node)) found.add(node.table.identifier.name)
  for (const member of Object.values(node)) for (const inner of [member].flat()) if (isNode(inner)) tablesIn(inner, found)
  return found
}

function isNode(value: unknown): value is OperationNode {
  return typeof value === 'object' && value !== null && 'kind' in value && typeof value.kind === 'string' && value.kind.endsWith('Node')
}
