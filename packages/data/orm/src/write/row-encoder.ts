import type { Row } from '../hydrate/base-class.ts'
import { assertWritable, type WriteColumn } from './write-column.ts'
import type { ColumnSet } from './writer.ts'

type Values = Readonly<Record<string, unknown>>

/** A row on its way into the table. */
export interface NewRow {
  /** Which columns it gives. */
  readonly set: ColumnSet
  /** The whole row as the driver will answer it; what the engine decides is undefined. */
  readonly row: Row
  /** How many columns the values had. */
  readonly given: number
}

/**
 * Checks and encodes the values of a new row.
 * @throws {InvalidValueError}
 */
export type EncodeRow = (values: Values, time: Date) => NewRow

/** @param none the key of a set without columns */
export function rowEncoder(columns: readonly WriteColumn[], none: ColumnSet): EncodeRow {
  try {
    const steps = columns.map((column) => [checkOf(column), column.initial, column.raw])
    // oxlint-disable-next-line typescript/no-implied-eval -- property names are quoted by JSON.stringify; nothing else enters the text
    const make = new Function('steps', 'none', source(columns)) as (steps: unknown, none: ColumnSet) => EncodeRow
    return make(steps, none)
  } catch (error) {
    if ((error as Error).name !== 'EvalError') throw error
    return loopingEncoder(columns, none)
  }
}

/** What values of a type mostly look like, so that they need no further check. */
const plain: Readonly<Record<string, string>> = {
  id: 'Number.isSafeInteger(v)',
  int: 'Number.isSafeInteger(v)',
  string: "typeof v === 'string' && !v.includes('\\0')",
  text: "typeof v === 'string' && !v.includes('\\0')",
  bool: "typeof v === 'boolean'",
}

/**
 * One statement per column, which the compiler of the process can see through; the loop below says the same. No literal makes the
 * row: of what a literal makes by the thousand, V8 learns that it lives long, and then nothing but a full collection frees it.
 */
function source(columns: readonly WriteColumn[]): string {
  const constants = columns.map((_, index) => `const [c${index}, i${index}, r${index}] = steps[${index}]`)
  const reads = columns.map(({ property, field, initial, raw, mark }, index) => {
    const test = (field.checks?.length ?? 0) === 0 && !field.encrypted && !field.generated ? plain[field.type] : undefined
    const checked = test === undefined ? `v = c${index}(v)` : `if (!(${test})) v = c${index}(v)`
    const encoded = raw ? `v${index} = v === null ? null : r${index}(v)` : `v${index} = v`
    return `v = values[${JSON.stringify(property)}]
  if (v !== undefined) { given += 1; ${checked} }${initial ? ` else v = i${index}(time)` : ''}
  let v${index}
  if (v !== undefined) { set += ${JSON.stringify(mark)}; ${encoded} }`
  })
  return `'use strict'
class Made { constructor(set, row, given) { this.set = set; this.row = row; this.given = given } }
const empty = [${columns.map(() => 'undefined').join(', ')}]
${constants.join('\n')}
return (values, time) => {
  let v, set = none, given = 0
  ${reads.join('\n  ')}
  const row = empty.slice()
  ${columns.map((_, index) => `row[${index}] = v${index}`).join('\n  ')}
  return new Made(set, row, given)
}`
}

function loopingEncoder(columns: readonly WriteColumn[], none: ColumnSet): EncodeRow {
  return (values, time) => {
    let set = none
    let given = 0
    const row = columns.map((column) => {
      let value = values[column.property]
      if (value !== undefined) {
        given += 1
        value = checkOf(column)(value)
      } else value = column.initial?.(time)
      if (value === undefined) return undefined
      set = (set as number) + (column.mark as number)
      return value === null || column.raw === undefined ? value : column.raw(value)
    })
    return { set, row, given }
  }
}

function checkOf({ field, where, check }: WriteColumn): (value: unknown) => unknown {
  return field.generated ? () => assertWritable(field, where) : check
}
