import { InvalidQueryError } from '../errors.ts'
import type { ValueType } from './node.ts'

/** Decimals of so many digits fit into 64 bits. */
export const digitsOfInteger = 18
const whole: ReadonlySet<string | undefined> = new Set(['id', 'int', 'bigid', 'bigint'])

export function isDecimal(type: ValueType | undefined): boolean {
  return type?.type === 'decimal'
}

export function isWhole(type: ValueType | undefined): boolean {
  return whole.has(type?.type)
}

export function isNumeric(type: ValueType): boolean {
  return isDecimal(type) || isWhole(type) || type.type === 'float'
}

/**
 * Where one of them is a decimal, all are, with as many digits after the point: some engine keeps them as integers of
 * their last digits, and all refuse what one of them would compute in the wrong unit.
 * @throws {InvalidQueryError}
 */
export function needSame(types: readonly (ValueType | undefined)[], what: string): void {
  const known = types.filter((type) => type !== undefined)
  const [first] = known
  if (!first || !known.some(isDecimal)) return
  const other = known.find((type) => type.type !== first.type || type.scale !== first.scale)
  if (other)
    throw new InvalidQueryError(
      `${what} takes decimals with as many digits after the point, here are ${nameOf(first)} and ${nameOf(other)}. Give both fields one scale, or compute it in your code.`,
    )
}

/**
 * What a decimal column is assigned: its scale, and its way to be stored where that depends on the digits.
 * @throws {InvalidQueryError}
 */
export function needAssignable(field: ValueType, type: ValueType | undefined, where: string): void {
  needSame([field, type], where)
  if (isDecimal(field) && type && isScaled(field) !== isScaled(type))
    throw new InvalidQueryError(
      `${where} and what is assigned to it are not both decimals of at most ${digitsOfInteger} digits, so some engine stores them differently. Give both fields one precision.`,
    )
}

/** Whether SQLite keeps the values as integers of their last digits. A decimal with more of them is text there, an average a float. */
export function isScaled(type: ValueType): type is ValueType & { readonly scale: number } {
  const { precision = 0, scale } = type
  return isDecimal(type) && scale !== undefined && precision <= digitsOfInteger
}

function nameOf({ type, scale }: ValueType): string {
  if (type !== 'decimal') return `a value of type ${type}`
  return scale === undefined ? 'an average' : `a decimal with ${scale}`
}
