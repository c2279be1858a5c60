/** The one row of a query that always answers one: a count, or an insert that returns what it wrote. */
export function only<Row>(rows: readonly Row[]): Row {
  const [row, ...others] = rows
  if (row === undefined || others.length > 0) throw new Error(`The query answered ${rows.length} rows instead of one.`)
  return row
}
