import { keepRow, outlookOf, subjectOf } from '../write/subject.ts'
import type { WriteColumn } from '../write/write-column.ts'

/**
 * Notes on an instance what was written to its row past it, so that neither it nor its next save is behind. Its version is
 * counted on from the one it knows: an instance that missed somebody else's write stays stale.
 */
export function noteWritten(instance: object, values: Readonly<Record<string, unknown>>): void {
  const subject = subjectOf(instance)
  const { row, writer } = subject
  if (!row) return void Object.assign(instance, values)
  const next = [...row]
  const columns = Object.keys(values)
    .map((property) => writer.byProperty.get(property))
    .filter((column) => column !== undefined)
  for (const { index, raw, property } of columns) {
    const value = values[property]
    next[index] = value === null || raw === undefined ? value : raw(value)
  }
  keepRow(subject, next, outlookOf(subject, [...columns, ...countedOn(writer.version, next)]))
}

/** Raises the version in the row, where it was read. */
function countedOn(version: WriteColumn | undefined, row: unknown[]): readonly WriteColumn[] {
  if (!version || row[version.index] === null || row[version.index] === undefined) return []
  const { index, raw } = version
  const next = Number(row[index]) + 1
  row[index] = raw === undefined ? next : raw(next)
  return [version]
}
