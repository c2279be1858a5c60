import { InvalidQueryError, InvalidValueError, UndefinedValueError } from '../errors.ts'
import { callWithColumns } from '../expressions/callback.ts'
import { columnsOfModel } from '../expressions/columns.ts'
import { operand } from '../expressions/conditions.ts'
import { needAssignable } from '../expressions/decimals.ts'
import { Expression } from '../expressions/expression.ts'
import { fingerprint } from '../expressions/fingerprint.ts'
import type { Node } from '../expressions/node.ts'
import { isSubquery } from '../expressions/subquery.ts'
import { typeOfNode } from '../expressions/type-of-node.ts'
import { ValueSink } from '../expressions/value-sink.ts'
import type { Op } from '../query/op.ts'
import type { QueryState } from '../query/state.ts'
import { now } from './clock.ts'
import { assertWritable, type WriteColumn } from './write-column.ts'
import type { Writer } from './writer.ts'

/** A column that gets a value, or an expression over the row as it is. */
export interface Assignment {
  readonly column: WriteColumn
  /** Checked; of an expression nothing. */
  readonly value: unknown
  readonly node: Node | undefined
}

/** What an UPDATE sets, once its shape is compiled. */
export type CompiledAssignment = Pick<Assignment, 'column'> & { readonly node: Node }

/**
 * The arguments of `update`: values by column, or a function that gives values and expressions.
 * @throws {InvalidQueryError} {@link InvalidValueError} {@link UndefinedValueError} {@link UnknownColumnError}
 */
export function assignmentsOf(writer: Writer, values: unknown): readonly Assignment[] {
  const { meta } = writer
  const made: unknown = typeof values === 'function' ? callWithColumns(meta, values as (columns: never) => unknown) : values
  if (made === undefined) throw new UndefinedValueError(`The values of ${meta.name}.update()`)
  if (typeof made !== 'object' || made === null || Array.isArray(made))
    throw new InvalidQueryError(`${meta.name}.update() takes an object of columns and values, or a function that returns one.`)
  const given = Object.keys(made).map((property) => assignment(writer, property, (made as Readonly<Record<string, unknown>>)[property]))
  if (given.length === 0) throw new InvalidQueryError(`${meta.name}.update() names no column to write.`)
  return withDuties(writer, given)
}

function assignment({ meta, byProperty, columns }: Writer, property: string, value: unknown): Assignment {
  const column = byProperty.get(property) ?? (columns[meta.column(property).index] as WriteColumn)
  const { field, where } = column
  assertWritable(field, where)
  const plain = value instanceof Expression && value.node.kind === 'value' ? value.node.value : value
  if (!(plain instanceof Expression) && !isSubquery(plain)) return { column, value: column.check(plain), node: undefined }
  if (field.encrypted) throw new InvalidValueError(where, 'it is encrypted, so the engine cannot compute it.')
  const node = operand(value, field, where)
  needAssignable(field, typeOfNode(node), where)
  return { column, value: undefined, node }
}

/** The time of the update, and the next version, unless they are given. */
function withDuties(writer: Writer, given: Assignment[]): readonly Assignment[] {
  const { updatedAt, version } = writer
  const isMissing = (column: WriteColumn): boolean => given.every((other) => other.column !== column)
  if (updatedAt && isMissing(updatedAt)) given.push({ column: updatedAt, value: now(), node: undefined })
  if (version && isMissing(version)) given.push(assignment(writer, version.property, nextVersion(writer, version)))
  return given
}

function nextVersion({ meta }: Writer, { property }: WriteColumn): Expression {
  return (columnsOfModel(meta)[property] as Expression).add(1)
}

const noted = 'assignments'

/** The call of a chain that says what an UPDATE sets. */
export class AssignOp implements Op {
  readonly steps: readonly string[]
  readonly values: readonly unknown[]
  readonly scoped: Op['scoped']
  readonly #assignments: readonly Assignment[]

  constructor(assignments: readonly Assignment[]) {
    this.#assignments = assignments
    const [only] = assignments
    if (assignments.length === 1 && only && only.node === undefined && only.value !== null) {
      this.steps = only.column.setStep
      this.values = [only.value]
      this.scoped = undefined
      return
    }
    const sink = new ValueSink()
    const steps = ['set']
    for (const { column, value, node } of assignments) {
      steps.push(column.property)
      if (node) steps.push(`=${fingerprint(node, sink)}`)
      else if (value === null) steps.push('=null')
      else sink.values.push(value)
    }
    this.steps = steps
    this.values = sink.values
    this.scoped = sink.scoped
  }

  get token(): string {
    return this.steps.join(' ')
  }

  fold(state: QueryState, base: number): void {
    const positions = new ValueSink(state.slots, base)
    const compiled = this.#assignments.map(({ column, value, node }): CompiledAssignment => {
      if (!node && value === null) return { column, node: { kind: 'value', value: null, type: column.field } }
      const set = node ?? { kind: 'value', value: '', type: column.field }
      fingerprint(set, positions)
      return { column, node: set }
    })
    state.notes.set(noted, compiled)
  }
}

export function assignedIn(notes: ReadonlyMap<string, unknown>): readonly CompiledAssignment[] {
  return notes.get(noted) as readonly CompiledAssignment[]
}
