import { CovetError } from './errors.ts'

type SizeUnit = 'B' | 'KB' | 'MB' | 'GB'

/** Bytes, or a number with a unit of 1,024: `'64KB'`, `'1MB'`. */
export type Size = number | `${number}${SizeUnit}`

const bytes: Readonly<Record<SizeUnit, number>> = { B: 1, KB: 1_024, MB: 1_048_576, GB: 1_073_741_824 }

/** A size is not a whole number of bytes ≥ 0, alone or with one of the units B, KB, MB, GB. */
export class InvalidSizeError extends CovetError {
  constructor(value: unknown) {
    super('kernel/invalid-size', `${JSON.stringify(value)} is not a size. Write bytes, or a number with B, KB, MB or GB: '1MB'.`)
  }
}

/** @throws {InvalidSizeError} */
export function toBytes(size: Size): number {
  if (typeof size === 'number' && Number.isSafeInteger(size) && size >= 0) return size
  const match = /^(\d+(?:\.\d+)?)(B|KB|MB|GB)$/.exec(String(size))
  if (!match || typeof size === 'number') throw new InvalidSizeError(size)
  return Math.floor(Number(match[1]) * bytes[match[2] as SizeUnit])
}
