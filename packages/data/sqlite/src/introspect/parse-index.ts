import { Cursor, normalizeExpression, tokensOf } from '@covet/db/catalog'

/** What the text of a CREATE INDEX says and no pragma does: its expressions, by position, and its condition. */
export interface IndexText {
  readonly parts: readonly string[]
  readonly where: string | undefined
}

export function parseIndex(sql: string): IndexText {
  const tokens = tokensOf(sql, 'sqlite') ?? []
  const cursor = new Cursor(tokens.slice(tokens.findIndex(({ kind, text }) => kind === 'symbol' && text === '(')))
  const parts: string[] = []
  const group = cursor.takeGroup()
  let start = group[0]?.start ?? 0
  let depth = 0
  for (const { kind, text, start: at, end } of group) {
    if (kind === 'symbol' && text === '(') depth += 1
    if (kind === 'symbol' && text === ')') depth -= 1
    if (kind === 'symbol' && text === ',' && depth === 0) {
      parts.push(sql.slice(start, at))
      start = end
    }
  }
  parts.push(sql.slice(start, group.at(-1)?.end))
  const where = cursor.takeWords('where') ? normalizeExpression(sql.slice(cursor.token?.start), 'sqlite') : undefined
  return { parts: parts.map((part) => normalizeExpression(withoutOrder(part), 'sqlite')), where }
}

function withoutOrder(part: string): string {
  return part.replace(/\s+(?:asc|desc)\s*$/i, '')
}
