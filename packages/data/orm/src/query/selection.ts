import type { Database, MaybePromise } from '@covet/db'
import { detection } from '../detect/detection.ts'
import { noticeQuery } from '../detect/detector.ts'
import { selectedSetter } from '../hydrate/selected.ts'
import { chained } from '../maybe.ts'
import { compileSql, type Compiled } from '../sql/compile.ts'
import type { SqlContext } from '../sql/context.ts'
import { outputsOf } from '../sql/outputs.ts'
import { openFrom, selectSql } from '../sql/select.ts'
import type { Chain } from './chain.ts'
import { Rows } from './rows.ts'
import { planOf, readCompiled } from './run.ts'
import type { Reading } from './stream.ts'
import type { QueryState, Selected } from './state.ts'

export type PlainRow = Record<string, unknown>

interface PlainPlan extends Compiled {
  readonly toRows: (rows: unknown[][]) => PlainRow[]
}

/** A query for rows that are plain objects. */
export class Selection extends Rows<PlainRow> {
  override read(chain: Chain, database: Database): MaybePromise<PlainRow[]> {
    return readPlain(chain, database)
  }

  override reading(chain: Chain, database: Database): Reading<PlainRow> {
    const values = chain.values()
    const plan = plainPlanOf(chain, database, values)
    return { ...plan, values, make: plan.toRows }
  }
}

export function readPlain(chain: Chain, database: Database): MaybePromise<PlainRow[]> {
  const values = chain.values()
  if (detection.on) noticeQuery(chain, values)
  const plan = plainPlanOf(chain, database, values)
  return chained(readCompiled(plan, values, chain, database), (rows) => plan.toRows(rows))
}

/** `toSql` and `explain` leave the plan of a read behind, which makes instances: this one is another. */
function plainPlanOf(chain: Chain, database: Database, values: readonly unknown[]): PlainPlan {
  return planOf('read plain', chain, database, values, (state, context) => compilePlain(state, context, database))
}

function compilePlain(state: QueryState, context: SqlContext, database: Database): PlainPlan {
  const from = openFrom(state, context)
  const statement = selectSql(state, from, outputsOf(state, from, context), context)
  return { ...compileSql(statement, context, database), toRows: plainRows(state.selection ?? [], database.dialect) }
}

/** Objects with the selected names, in their order. */
function plainRows(selected: readonly Selected[], dialect: string): (rows: unknown[][]) => PlainRow[] {
  const set = selectedSetter(selected, 0, dialect)
  return (rows) =>
    rows.map((row) => {
      const plain: PlainRow = {}
      set(plain, row)
      return plain
    })
}
