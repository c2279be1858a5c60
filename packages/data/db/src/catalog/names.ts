import { createHash } from 'node:crypto'

/** What a name may have at most: PostgreSQL cuts at 63 bytes without a word, MySQL refuses more than 64 characters. */
const limit = 63
const hashLength = 8

export type ConstraintSuffix = 'fkey' | 'key' | 'idx' | 'check'

/**
 * The usual name of a constraint or index: `table_column_suffix`. One of more than 63 bytes is cut and ends with eight
 * digits of a hash of the whole name, so that two long names stay two.
 */
export function constraintName(table: string, columns: readonly string[], suffix: ConstraintSuffix): string {
  const name = [table, ...columns, suffix].join('_')
  if (Buffer.byteLength(name) <= limit) return name
  const hash = createHash('sha256').update(name).digest('hex').slice(0, hashLength)
  const end = `_${hash}_${suffix}`
  return `${cut([table, ...columns].join('_'), limit - end.length)}${end}`
}

function cut(name: string, bytes: number): string {
  let kept = ''
  for (const character of name) {
    if (Buffer.byteLength(kept + character) > bytes) break
    kept += character
  }
  return kept
}
