import { keepRow, subjectOf } from '../write/subject.ts'

/** Notes on an instance what was written to its row past it, so that neither it nor its next save is behind. */
export function noteWritten(instance: object, values: Readonly<Record<string, unknown>>): void {
  const subject = subjectOf(instance)
  const { row, writer } = subject
  Object.assign(instance, values)
  if (!row) return
  const next = [...row]
  const columns = Object.keys(values)
    .map((property) => writer.byProperty.get(property))
    .filter((column) => column !== undefined)
  for (const { index, raw, property } of columns) {
    const value = values[property]
    next[index] = value === null || raw === undefined ? value : raw(value)
  }
  keepRow(subject, next, columns)
}
