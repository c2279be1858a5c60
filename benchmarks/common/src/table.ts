/** A Markdown table. @param texts how many columns from the first hold text; the others hold figures */
export function table(head: readonly string[], rows: readonly (readonly string[])[], texts = 1): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, column) => (column < texts ? '---' : '--:'))), ...rows.map(line)].join('\n')
}

/** What ran, by name, in one line. */
export function renderVersions(versions: Readonly<Record<string, string>>): string {
  const each = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return `Versions: ${each.join(', ')}.`
}

/** A bound, what was measured beside it, and whether it holds. */
export interface Finding {
  what: string
  holds: boolean
}

export function renderFindings(findings: readonly Finding[]): string {
  return findings.map(({ what, holds }) => `- ${what}: **${holds ? 'holds' : 'does not hold'}**`).join('\n')
}
