import type { ColumnType } from './types.ts'

/** SQLite has no decimals: a whole number of the smallest unit, as long as 64 bits hold it. */
const scaledDigits = 18

/** Whether SQLite keeps the decimal as a whole number of its smallest unit. */
export function isScaled(type: ColumnType): type is { kind: 'decimal'; precision: number; scale?: number } {
  return type.kind === 'decimal' && type.precision !== undefined && type.precision <= scaledDigits
}

/** `9.5` with two digits behind the point is 950. */
export function scaleUp(text: string, scale: number): bigint {
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.')
  const units = BigInt(whole + fraction.padEnd(scale, '0').slice(0, scale))
  return text.startsWith('-') ? -units : units
}

export function scaleDown(units: string, scale: number): string {
  const negative = units.startsWith('-')
  const digits = units.replace('-', '').padStart(scale + 1, '0')
  const point = digits.length - scale
  return `${negative ? '-' : ''}${digits.slice(0, point)}${scale > 0 ? `.${digits.slice(point)}` : ''}`
}
