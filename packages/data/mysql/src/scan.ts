/** A stretch of SQL text: code, or what the server does not read as code. */
export interface Piece {
  readonly kind: 'code' | 'string' | 'identifier' | 'comment'
  readonly start: number
  readonly end: number
}

const backslash = '\\'

/**
 * Takes SQL apart as MariaDB and MySQL do with backslash escapes and without ANSI quotes, which is how every session of
 * this driver is set. What a version comment holds (`/*! … *\/`) is code, because the server runs it.
 */
export function scan(text: string): Piece[] {
  const pieces: Piece[] = []
  let codeStart = 0
  let position = 0
  while (position < text.length) {
    const found = pieceAt(text, position)
    if (!found) {
      position += 1
      continue
    }
    if (codeStart < position) pieces.push({ kind: 'code', start: codeStart, end: position })
    pieces.push({ ...found, start: position })
    position = found.end
    codeStart = position
  }
  if (codeStart < text.length) pieces.push({ kind: 'code', start: codeStart, end: text.length })
  return pieces
}

function pieceAt(text: string, position: number): Pick<Piece, 'kind' | 'end'> | undefined {
  switch (text[position]) {
    case "'":
    case '"':
      return { kind: 'string', end: endOfQuoted(text, position, true) }
    case '`':
      return { kind: 'identifier', end: endOfQuoted(text, position, false) }
    case '#':
      return { kind: 'comment', end: endOfLine(text, position) }
    case '-':
      return startsDashComment(text, position) ? { kind: 'comment', end: endOfLine(text, position) } : undefined
    case '/':
      return text[position + 1] === '*' ? { kind: 'comment', end: endOfComment(text, position) } : undefined
    case '*':
      // Only a version comment leaves its end to be met in code.
      return text[position + 1] === '/' ? { kind: 'comment', end: position + 2 } : undefined
    default:
      return undefined
  }
}

function endOfQuoted(text: string, start: number, hasEscapes: boolean): number {
  const quote = text[start]
  for (let position = start + 1; position < text.length; position += 1) {
    const character = text[position]
    if (hasEscapes && character === backslash) position += 1
    else if (character === quote) {
      if (text[position + 1] !== quote) return position + 1
      position += 1
    }
  }
  return text.length
}

/** Two dashes begin a comment only before a space or a control character. */
function startsDashComment(text: string, position: number): boolean {
  if (text[position + 1] !== '-') return false
  return position + 2 >= text.length || text.charCodeAt(position + 2) <= 32
}

function endOfLine(text: string, position: number): number {
  const end = text.indexOf('\n', position)
  return end === -1 ? text.length : end + 1
}

const versionMark = /\/\*M?!\d*/y

function endOfComment(text: string, position: number): number {
  versionMark.lastIndex = position
  if (versionMark.test(text)) return versionMark.lastIndex
  const end = text.indexOf('*/', position + 2)
  return end === -1 ? text.length : end + 2
}
