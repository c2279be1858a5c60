import type { Catalog, Table } from './types.ts'

/** The catalogue in its one order: all by name, what has none by its columns; columns stay in the order of their table. */
export function sortCatalog({ tables }: Catalog): Catalog {
  return { tables: tables.map(sortTable).toSorted(by(({ name }) => name)) }
}

function sortTable(table: Table): Table {
  return {
    ...table,
    foreignKeys: table.foreignKeys.toSorted(by(({ name, columns, references }) => key(name, [...columns, references.table]))),
    uniques: table.uniques.toSorted(by(({ name, columns }) => key(name, columns))),
    indexes: table.indexes.toSorted(by(({ name }) => name)),
    checks: table.checks.toSorted(by(({ name, expression }) => key(name, [expression]))),
  }
}

function key(name: string | undefined, parts: readonly string[]): string {
  return [name ?? '', ...parts].join('\0')
}

/** By code units: the order of a locale differs between machines. */
function by<T>(keyOf: (item: T) => string): (left: T, right: T) => number {
  return (left, right) => {
    const a = keyOf(left)
    const b = keyOf(right)
    return a < b ? -1 : Number(a > b)
  }
}
