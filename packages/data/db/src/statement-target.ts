/** The one table that a statement says it writes. */
export interface StatementTarget {
  readonly verb: 'insert' | 'replace' | 'update' | 'delete'
  /** As it is written before the table. */
  readonly schema?: string
  readonly table: string
  /** Where in the text its name ends. */
  readonly end: number
}

// A comment that MariaDB and MySQL read as code is none.
const blank = String.raw`(?:\s|--[^\n]*(?:\n|$)|#[^\n]*(?:\n|$)|/\*(?!M?!)(?:[^*]|\*(?!/))*\*/)`
const name = String.raw`(?:[\w$\u0080-\uffff]+|"(?:[^"]|"")*"|\x60(?:[^\x60]|\x60\x60)*\x60|\[[^\]]*\])`
const modifier = '(?:or|abort|fail|ignore|replace|rollback|low_priority|high_priority|delayed|quick)'

const head = new RegExp(
  String.raw`^(?:${blank}|;)*(insert|replace|update|delete)\b(?:${blank}*${modifier}\b)*${blank}*(into\b|from\b)?${blank}*` +
    String.raw`(${name})(?:${blank}*\.${blank}*(${name}))?`,
  'i',
)
const alias = String.raw`(?:(?:as\b${blank}*)?${name}${blank}*)??`

/** What follows where there is no second table. An insert has one, whatever it reads. */
const rest = {
  update: new RegExp(String.raw`${blank}*${alias}set\b`, 'iy'),
  delete: new RegExp(String.raw`${blank}*${alias}(?:(?:where|order|limit|returning)\b|;|$)`, 'iy'),
} as const

/**
 * The table that an INSERT, REPLACE, UPDATE or DELETE of SQLite, MariaDB or MySQL is about; undefined for any other statement,
 * for one of several tables, and for one that begins with WITH.
 */
export function statementTarget(text: string): StatementTarget | undefined {
  const found = head.exec(text)
  const [whole = '', word = '', preposition = '', first, second] = found ?? []
  const table = second ?? first
  if (table === undefined || first === undefined) return undefined
  const verb = word.toLowerCase() as StatementTarget['verb']
  if ((preposition.toLowerCase() === 'from') !== (verb === 'delete')) return undefined
  if ((verb === 'update' || verb === 'delete') && !follows(rest[verb], text, whole.length)) return undefined
  return { verb, ...(second !== undefined && { schema: unquoted(first) }), table: unquoted(table), end: whole.length }
}

function follows(pattern: RegExp, text: string, position: number): boolean {
  pattern.lastIndex = position
  return pattern.test(text)
}

function unquoted(written: string): string {
  const quote = written[0] ?? ''
  if (quote === '[') return written.slice(1, -1)
  return quote === '"' || quote === '`' ? written.slice(1, -1).replaceAll(quote + quote, quote) : written
}
