import { caseWhen as makeCase } from './expressions/case.ts'
import * as expressions from './expressions/expression.ts'
import * as functions from './expressions/functions.ts'
import type { And, CaseWhen, Edge, Exists, Not, Now, Offset, Or, Raw, RowNumber, Value } from './types/functions.ts'

// The types say what an expression is computed over; at run time all are one class.

/** True when all conditions are; of none, true. */
export const and: And = expressions.and as unknown as And
/** True when one condition is; of none, false. */
export const or: Or = expressions.or as unknown as Or
/** True when the condition is not. */
export const not: Not = expressions.not as unknown as Not
/** Whether a query has a row; inside a callback it may use the columns of the query around it. */
export const exists: Exists = functions.exists as unknown as Exists
/** A value as an expression: a parameter, never SQL. */
export const value: Value = functions.value as unknown as Value
/** The time of the statement. */
export const now: Now = functions.now as unknown as Now
/** The number of the row within its partition, from 1. */
export const rowNumber: RowNumber = functions.rowNumber as unknown as RowNumber
/** The rank of the row within its partition, with gaps after equals. */
export const rank: RowNumber = functions.rank as unknown as RowNumber
/** The rank of the row within its partition, without gaps. */
export const denseRank: RowNumber = functions.denseRank as unknown as RowNumber
/** The value so many rows before this one. @throws {InvalidQueryError} unless `rows` is a whole number, 0 or more */
export const lag: Offset = functions.lag as unknown as Offset
/** The value so many rows after this one. @throws {InvalidQueryError} unless `rows` is a whole number, 0 or more */
export const lead: Offset = functions.lead as unknown as Offset
/** The value in the first row of the frame. */
export const firstValue: Edge = functions.firstValue as unknown as Edge
/** The value in the last row of the frame. */
export const lastValue: Edge = functions.lastValue as unknown as Edge
/** A choice between values: `caseWhen(c.views.gt(100), 'popular').else('quiet')`. */
export const caseWhen: CaseWhen = makeCase as unknown as CaseWhen
/** SQL of your own as an expression; what is interpolated is a parameter, or an expression: raw<number>`length(${c.name})`. */
export const raw: Raw = functions.raw as unknown as Raw
