import type { And, CaseWhen, Exists, Not, Now, Or, Raw, RowNumber, Value } from '../../../src/types/functions.ts'

export declare const and: And
export declare const or: Or
export declare const not: Not
export declare const exists: Exists
export declare const value: Value
export declare const rank: RowNumber
export declare const caseWhen: CaseWhen
export declare const now: Now
export declare const raw: Raw
