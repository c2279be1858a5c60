/** How many rows and parameters one statement may have. */
interface Limits {
  readonly rows: number
  readonly params: number
}

const limits: Readonly<Record<string, Limits>> = {
  // SQLite takes 32,766 parameters. A statement of 1,000 rows needs no transaction around it, as two of 500 would.
  sqlite: { rows: 1_000, params: 32_766 },
  // One array per column, whatever the number of rows.
  postgres: { rows: 1_000, params: Number.POSITIVE_INFINITY },
  mysql: { rows: 1_000, params: 65_535 },
}

/**
 * Cuts `count` rows into statements: full ones, and for the rest powers of two, so that lists of any length need a
 * handful of texts only.
 * @param perRow parameters of each row
 * @param besides parameters that each statement has beside its rows
 */
export function chunkSizes(count: number, perRow: number, dialect: string, besides = 0): readonly number[] {
  const { rows, params } = limits[dialect] ?? { rows: 100, params: 1_000 }
  const full = Math.max(1, Math.min(rows, Math.floor((params - besides) / Math.max(perRow, 1))))
  const sizes = Array.from({ length: Math.floor(count / full) }, () => full)
  let rest = count % full
  if (dialect === 'postgres') return rest > 0 ? [...sizes, rest] : sizes
  while (rest > 0) {
    const size = 2 ** Math.floor(Math.log2(rest))
    sizes.push(size)
    rest -= size
  }
  return sizes
}
