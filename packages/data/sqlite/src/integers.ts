/** A row as the driver gives it: an object, or an array in raw mode. */
export type Row = Record<string, unknown> | unknown[]

const max = Number.MAX_SAFE_INTEGER

/** Whether some number may be an integer that was rounded on its way into a double. */
export function holdsRoundedInteger(rows: readonly Row[]): boolean {
  return rows.some(hasUnsafeNumber)
}

function hasUnsafeNumber(row: Row): boolean {
  if (Array.isArray(row)) return row.some(isUnsafe)
  for (const key in row) if (isUnsafe(row[key])) return true
  return false
}

function isUnsafe(value: unknown): boolean {
  return typeof value === 'number' && (value > max || value < -max)
}

/** A number where it is exact, else the bigint. */
export function toInteger(value: bigint | number): number | bigint {
  return value <= max && value >= -max ? Number(value) : value
}

/** Turns the bigints of rows read in the exact mode into numbers where these are exact. */
export function narrowIntegers<R extends Row>(row: R): R {
  const cells = row as Record<string, unknown>
  for (const key in cells) {
    const value = cells[key]
    if (typeof value === 'bigint') cells[key] = toInteger(value)
  }
  return row
}
