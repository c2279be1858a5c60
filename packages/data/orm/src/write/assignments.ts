import { InvalidQueryError, InvalidValueError, UndefinedValueError } from '../errors.ts'
import { columnsOfModel } from '../expressions/columns.ts'
import { operand } from '../expressions/conditions.ts'
import { Expression } from '../expressions/expression.ts'
import type { Node } from '../expressions/node.ts'
import { isSubquery } from '../expressions/subquery.ts'
import type { ColumnMeta, ModelMeta } from '../meta/model-meta.ts'
import type { Selected } from '../query/state.ts'
import { now } from './clock.ts'
import type { Writer } from './writer.ts'

/** A column that gets a value, or an expression over the row as it is. */
export interface Assignment extends Selected {
  readonly column: ColumnMeta
}

/**
 * The arguments of `update`: values by column, or a function that gives values and expressions.
 * @throws {InvalidQueryError} {@link InvalidValueError} {@link UndefinedValueError} {@link UnknownColumnError}
 */
export function assignmentsOf(writer: Writer, values: unknown): readonly Assignment[] {
  const { meta } = writer
  const made: unknown = typeof values === 'function' ? values(columnsOfModel(meta)) : values
  if (made === undefined) throw new UndefinedValueError(`The values of ${meta.name}.update()`)
  if (typeof made !== 'object' || made === null || Array.isArray(made)) throw new InvalidQueryError(`${meta.name}.update() takes an object of columns and values, or a function that returns one.`)
  const entries = Object.entries(made)
  if (entries.length === 0) throw new InvalidQueryError(`${meta.name}.update() names no column to write.`)
  return withDuties(
    writer,
    entries.map(([property, value]) => assignment(writer, property, value)),
  )
}

export function assignment({ meta, columns }: Writer, property: string, value: unknown): Assignment {
  const column = meta.column(property)
  const { field } = column
  const where = `${meta.name}.${property}`
  if (field.generated) throw new InvalidValueError(where, 'the engine computes it, so it cannot be written.')
  const isMade = value instanceof Expression || isSubquery(value)
  if (isMade && field.encrypted) throw new InvalidValueError(where, 'it is encrypted, so the engine cannot compute it.')
  const node: Node = isMade ? operand(value, field, where) : { kind: 'value', value: columns[column.index]?.check(value), type: field }
  return { name: property, node, type: field, column }
}

/** The time of the update, and the next version, unless they are given. */
function withDuties(writer: Writer, given: readonly Assignment[]): readonly Assignment[] {
  const { updatedAt, version, meta } = writer
  const all = [...given]
  const isGiven = (property: string): boolean => given.some(({ name }) => name === property)
  if (updatedAt && !isGiven(updatedAt.property)) all.push(assignment(writer, updatedAt.property, now()))
  if (version && !isGiven(version.property)) all.push(assignment(writer, version.property, next(meta, version.property)))
  return all
}

function next(meta: ModelMeta, property: string): Expression {
  return (columnsOfModel(meta)[property] as Expression).add(1)
}
