import type { Database, MaybePromise } from '@covet/db'
import type { Chain } from '../query/chain.ts'
import { knownPlan } from '../query/run.ts'
import type { Compiled } from '../sql/compile.ts'
import { sendUpdate } from './send-update.ts'
import type { WriteColumn } from './write-column.ts'
import type { Writer } from './writer.ts'

/**
 * An UPDATE of one column by a statement that is compiled already, as most are: neither the calls of the query nor what it sets
 * is made into anything first, an eighth of what it costs above the driver. Undefined where there is more to look at.
 */
export function updateAgain(writer: Writer, chain: Chain, given: unknown, database: Database): MaybePromise<number> | undefined {
  if (writer.updatedAt || writer.version) return undefined
  const column = onlyColumn(writer, given)
  if (!column) return undefined
  const value = (given as Readonly<Record<string, unknown>>)[column.property]
  // Null is part of the structure; objects and functions may be expressions and subqueries.
  if (value === undefined || value === null || typeof value === 'object' || typeof value === 'function') return undefined
  const values = chain.valuesWith(column.check(value))
  const plan = knownPlan<Compiled>('update', chain.shape.next(column.setStep[0]), database, values)
  return plan && sendUpdate(plan, values, chain, [{ column }], database)
}

function onlyColumn({ byProperty }: Writer, given: unknown): WriteColumn | undefined {
  if (typeof given !== 'object' || given === null) return undefined
  const properties = Object.keys(given)
  return properties.length === 1 ? byProperty.get(properties[0] as string) : undefined
}
