import type { CatalogDialect } from '../types.ts'

export interface Token {
  /** `name`: quoted. `word`: a bare name or keyword, in lower case. */
  readonly kind: 'name' | 'word' | 'string' | 'number' | 'bytes' | 'symbol'
  /** The value: without quotes and escapes. */
  readonly text: string
  /** The word as it was written; else the same as `text`. */
  readonly raw: string
  readonly start: number
  readonly end: number
}

type Read = { kind: Token['kind']; text: string; raw?: string; end: number } | undefined

const space = /\s+|--[^\n]*|\/\*[\s\S]*?\*\//y
const word = /[\p{L}_][\p{L}\p{N}_$]*/uy
const number = /(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y
const symbol = /::|\|\||<=>|<>|!=|<=|>=|<<|>>|==|!~~\*|!~~|~~\*|~~|!~\*|!~|~\*|->>|->|[-+*/%=<>()[\],.;~!&|^@#?:]/y
const hex = /[xX]'([0-9a-fA-F]*)'/y

/** The tokens of a piece of SQL, or undefined when something in it is none. */
export function tokensOf(sql: string, dialect: CatalogDialect): readonly Token[] | undefined {
  const tokens: Token[] = []
  let at = 0
  while (at < sql.length) {
    const gap = matchAt(space, sql, at)
    if (gap) {
      at += gap[0].length
      continue
    }
    const read = readToken(sql, at, dialect)
    if (!read) return undefined
    tokens.push({ kind: read.kind, text: read.text, raw: read.raw ?? read.text, start: at, end: read.end })
    at = read.end
  }
  return dialect === 'mysql' ? tokens.filter((token, index) => !isIntroducer(token, tokens[index + 1])) : tokens
}

function readToken(sql: string, at: number, dialect: CatalogDialect): Read {
  const character = sql[at] ?? ''
  const bytes = matchAt(hex, sql, at)
  if (bytes) return { kind: 'bytes', text: (bytes[1] ?? '').toLowerCase(), end: at + bytes[0].length }
  if (character === "'") return readQuoted(sql, at, "'", 'string', dialect === 'mysql')
  // MySQL 8 prints the strings of an expression with their quotes escaped.
  if (character === '\\' && sql[at + 1] === "'" && dialect === 'mysql') return readEscaped(sql, at)
  if (character === '`') return readQuoted(sql, at, '`', 'name', false)
  if (character === '"') return readQuoted(sql, at, '"', 'name', false)
  if (character === '[' && dialect === 'sqlite') return readBracketed(sql, at)
  return readPlain(sql, at)
}

function readPlain(sql: string, at: number): Read {
  const digits = matchAt(number, sql, at)
  if (digits) return { kind: 'number', text: digits[0].replaceAll('_', ''), end: at + digits[0].length }
  const name = matchAt(word, sql, at)
  if (name) return { kind: 'word', text: name[0].toLowerCase(), raw: name[0], end: at + name[0].length }
  const sign = matchAt(symbol, sql, at)
  return sign ? { kind: 'symbol', text: sign[0], end: at + sign[0].length } : undefined
}

function readQuoted(sql: string, at: number, quote: string, kind: 'name' | 'string', backslashes: boolean): Read {
  let text = ''
  for (let index = at + 1; index < sql.length; index += 1) {
    const character = sql[index] ?? ''
    if (character === '\\' && backslashes) text += unescape(sql[(index += 1)] ?? '')
    else if (character !== quote) text += character
    else if (sql[index + 1] === quote) text += sql[(index += 1)] ?? ''
    else return { kind, text, end: index + 1 }
  }
  return undefined
}

/** `\'it\\\'s\'`: a string whose quotes and backslashes were escaped once more. */
function readEscaped(sql: string, at: number): Read {
  let text = ''
  let index = at + 2
  const next = (): string => {
    const isEscaped = sql[index] === '\\'
    index += isEscaped ? 2 : 1
    return isEscaped ? `\\${sql[index - 1] ?? ''}` : (sql[index - 1] ?? '')
  }
  while (index < sql.length) {
    const pair = next()
    if (pair === String.raw`\'`) return { kind: 'string', text, end: index }
    text += pair === String.raw`\\` ? unescape(next().slice(-1)) : pair
  }
  return undefined
}

function readBracketed(sql: string, at: number): Read {
  const end = sql.indexOf(']', at)
  return end === -1 ? undefined : { kind: 'name', text: sql.slice(at + 1, end), end: end + 1 }
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', '0': '\0', Z: '\u001A' }

function unescape(character: string): string {
  return escapes[character] ?? character
}

/** `_utf8mb4'text'` */
function isIntroducer(token: Token, next: Token | undefined): boolean {
  return token.kind === 'word' && /^_(?:utf8|utf8mb3|utf8mb4|latin1|ascii|binary)$/.test(token.text) && next?.kind === 'string'
}

function matchAt(pattern: RegExp, sql: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(sql)
}
