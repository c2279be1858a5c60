const opening = /['"$]|--|\/\*/g
const dollarTag = /\$(?:[a-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/iy
const commentMark = /\/\*|\*\//g
const wordBefore = /[\w$\u0080-\uffff]$/
const escapePrefix = /(?:^|[^\w$\u0080-\uffff])e$/i

/** A stretch of SQL that is no code, and what of it stays: a quoted name is code, a literal and a comment are not. */
interface Stretch {
  readonly end: number
  readonly kept: string
}

/**
 * The statement without the content of its literals and comments, so that words can be looked for. Reads as the server
 * does with standard_conforming_strings on: escape strings, dollar quotes and nested comments included.
 */
export function codeOf(text: string): string {
  const pieces: string[] = []
  let position = 0
  let kept = ''
  for (;;) {
    opening.lastIndex = position
    const found = opening.exec(text)
    if (!found) break
    // Two characters tell all that is asked of what comes before; looking at more would be for each stretch anew.
    const before = kept.slice(-1) + text.slice(Math.max(position, found.index - 2), found.index)
    const stretch = stretchAt(text, found.index, before)
    kept = stretch.kept
    pieces.push(text.slice(position, found.index), kept)
    position = stretch.end
  }
  pieces.push(text.slice(position))
  return pieces.join('')
}

function stretchAt(text: string, start: number, before: string): Stretch {
  switch (text[start]) {
    case "'":
      return { end: escapePrefix.test(before) ? endOfEscaped(text, start) : endOfQuoted(text, start, "'"), kept: ' ' }
    case '"': {
      const end = endOfQuoted(text, start, '"')
      return { end, kept: ` ${text.slice(start + 1, end - 1)} ` }
    }
    case '$':
      return dollarQuoted(text, start, before)
    case '-':
      return { end: after(text, '\n', start), kept: ' ' }
    default:
      return { end: endOfComment(text, start), kept: ' ' }
  }
}

/** A doubled quote ends one literal and begins the next: for looking at what is outside it is the same. */
function endOfQuoted(text: string, start: number, quote: string): number {
  return after(text, quote, start + 1)
}

function endOfEscaped(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index += 1) {
    if (text[index] === '\\') index += 1
    else if (text[index] === "'") return index + 1
  }
  return text.length
}

function dollarQuoted(text: string, start: number, before: string): Stretch {
  dollarTag.lastIndex = start
  const tag = wordBefore.test(before) ? undefined : dollarTag.exec(text)?.[0]
  if (tag === undefined) return { end: start + 1, kept: '$' }
  return { end: after(text, tag, start + tag.length), kept: ' ' }
}

function endOfComment(text: string, start: number): number {
  let depth = 0
  commentMark.lastIndex = start
  for (;;) {
    const mark = commentMark.exec(text)
    if (!mark) return text.length
    depth += mark[0] === '/*' ? 1 : -1
    if (depth === 0) return commentMark.lastIndex
  }
}

function after(text: string, mark: string, from: number): number {
  const index = text.indexOf(mark, from)
  return index === -1 ? text.length : index + mark.length
}
