import { createHash } from 'node:crypto'

const placeholder = /\$\d+/g
/** `?, ?` and `(?), (?)`. */
const list = /\?(?:\s*,\s*\?)+/g
const rows = /\(\?\)(?:\s*,\s*\(\?\))+/g

/** A short name for all statements that differ in their parameters alone, and in how many there are in a list or of rows. */
export function shapeIdOf(text: string): string {
  const shape = text.replace(placeholder, '?').replace(list, '?').replace(rows, '(?)')
  return createHash('sha256').update(shape).digest('hex').slice(0, 12)
}
