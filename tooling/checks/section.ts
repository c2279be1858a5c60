import { writeFileSync } from 'node:fs'
import type { Finding } from './report.ts'
import { readText } from './workspace.ts'

/** A generated part of a document, between `<!-- name:start -->` and `<!-- name:end -->`. */
export interface Section {
  readonly file: string
  readonly where: string
  readonly name: string
  readonly body: string
  /** The command that rewrites it. */
  readonly fix: string
}

/** Finds the section out of date, or rewrites it. */
export function checkSection(section: Section, write: boolean): Finding[] {
  const start = `<!-- ${section.name}:start -->`
  const end = `<!-- ${section.name}:end -->`
  const text = readText(section.file)
  const from = text.indexOf(start)
  const to = text.indexOf(end)
  if (from === -1 || to < from) return [{ where: section.where, what: `has no ${start} … ${end}; add the two markers` }]
  const wanted = `${text.slice(0, from)}${start}\n${section.body}\n${text.slice(to)}`
  if (wanted === text) return []
  if (!write) return [{ where: section.where, what: `the part "${section.name}" is out of date; run \`${section.fix}\`` }]
  writeFileSync(section.file, wanted)
  return []
}
