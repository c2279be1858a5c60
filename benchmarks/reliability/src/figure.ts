import { table as markdown } from '@covet-benchmarks/common/table'

/** What was measured; `over`: nothing happened within the time that was given. */
export type Value = { readonly value: number } | { readonly over: number }

export type Unit = 'ms' | 's' | 'MB' | ''

export interface Figure {
  readonly name: string
  readonly unit: Unit
  readonly value: Value
}

export function figure(name: string, unit: Unit, value: number): Figure {
  return { name, unit, value: { value } }
}

export function show({ unit, value }: Figure): string {
  if ('over' in value) return `> ${format(value.over, unit)}`
  return format(value.value, unit)
}

function format(value: number, unit: Unit): string {
  if (unit === '') return String(value)
  if (unit === 's') return `${(value / 1_000).toFixed(2)} s`
  if (unit === 'MB') return `${(value / 1_000_000).toFixed(0)} MB`
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`
}

/** A Markdown table, one row a figure. */
export function table(columns: Readonly<Record<string, readonly Figure[]>>): string {
  const names = Object.keys(columns)
  const rows = [...new Set(Object.values(columns).flatMap((figures) => figures.map(({ name }) => name)))]
  const cell = (column: string, row: string): string => {
    const found = columns[column]?.find(({ name }) => name === row)
    return found ? show(found) : '-'
  }
  return markdown(
    ['', ...names],
    rows.map((row) => [row, ...names.map((name) => cell(name, row))]),
  )
}
