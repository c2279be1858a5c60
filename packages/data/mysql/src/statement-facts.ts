import { callsHarmlessOnly } from './functions.ts'
import { type Piece, scan } from './scan.ts'
import { leavesTraces } from './session-changes.ts'

/** What the text of a statement tells before it is sent. */
export interface StatementFacts {
  /** Its first word in lower case, or an empty text. */
  readonly verb: string
  /** The text around its placeholders: one more than there are of these. */
  readonly parts: readonly string[]
  readonly readOnly: boolean
  /** The keyword, when it begins or ends a transaction or changes how this session does. */
  readonly transactionControl?: string
  /** Whether running it commits the transaction around it. */
  readonly commitsImplicitly: boolean
  /** Whether it leaves in its session what the next user of the connection would not expect, and no answer tells of. */
  readonly changesSession: boolean
  /** Whether preparing it on the server may pay. */
  readonly preparable: boolean
  readonly inserts: boolean
}

const preparableVerbs: ReadonlySet<string> = new Set(['select', 'insert', 'update', 'delete', 'replace', 'with', 'values', 'table'])
const insertVerbs: ReadonlySet<string> = new Set(['insert', 'replace'])

export function statementFacts(text: string): StatementFacts {
  const pieces = scan(text)
  const code = codeOf(text, pieces)
  const words = firstWords(code)
  const [verb = ''] = words
  const transactionControl = controlKeyword(words, code)
  return {
    verb,
    parts: splitAtPlaceholders(text, pieces),
    readOnly: readsOnly(words, code),
    ...(transactionControl !== undefined && { transactionControl }),
    commitsImplicitly: commitsImplicitly(words),
    changesSession: leavesTraces(words, code),
    preparable: preparableVerbs.has(verb),
    inserts: insertVerbs.has(verb),
  }
}

/**
 * Whether any statement of a script commits the transaction around it, or lets what sets the session back commit it. A
 * semicolon inside a compound statement counts as an end.
 */
export function scriptCommitsImplicitly(text: string): boolean {
  return codeOf(text, scan(text))
    .split(';')
    .some((statement) => {
      const words = firstWords(statement)
      return commitsImplicitly(words) || controlKeyword(words, statement) === 'set autocommit'
    })
}

/** Whether any statement of a script leaves in its session what no answer tells of. */
export function scriptChangesSession(text: string): boolean {
  return codeOf(text, scan(text))
    .split(';')
    .some((statement) => leavesTraces(firstWords(statement), statement))
}

/** Whether a part of a statement calls a function that is not the server's own. */
export function callsStoredFunctions(text: string): boolean {
  return !callsHarmlessOnly(codeOf(text, scan(text)))
}

/** The code in lower case; a string is left as `''`, a quoted identifier as a pair of backticks, a comment as a space. */
function codeOf(text: string, pieces: readonly Piece[]): string {
  const left = { string: "''", identifier: '``', comment: ' ' }
  let code = ''
  for (const { kind, start, end } of pieces) code += kind === 'code' ? text.slice(start, end) : left[kind]
  return code.toLowerCase()
}

function firstWords(code: string): string[] {
  const start = /^[\s;(]*/.exec(code)?.[0].length ?? 0
  // More than the longest head that is asked about: `create or replace temporary table`.
  return (
    code
      .slice(start, start + 200)
      .match(/[a-z_]+/g)
      ?.slice(0, 4) ?? []
  )
}

function splitAtPlaceholders(text: string, pieces: readonly Piece[]): string[] {
  const parts: string[] = []
  let from = 0
  let at = text.indexOf('?')
  for (const { kind, start, end } of pieces) {
    if (at === -1) break
    // Found once, it is waited for: to look from each piece on would read the text to its end as often.
    if (at < start) at = text.indexOf('?', start)
    if (kind !== 'code') continue
    for (; at !== -1 && at < end; at = text.indexOf('?', at + 1)) {
      parts.push(text.slice(from, at))
      from = at + 1
    }
  }
  parts.push(text.slice(from))
  return parts
}

const controlVerbs: ReadonlySet<string> = new Set(['begin', 'commit', 'rollback', 'savepoint', 'release', 'xa'])

function controlKeyword([verb = '', second = '']: readonly string[], code: string): string | undefined {
  if (controlVerbs.has(verb)) return verb
  if (verb === 'start' && second === 'transaction') return 'start transaction'
  if (verb === 'set' && /\bautocommit\b/.test(code)) return 'set autocommit'
  return verb === 'set' && /^\s*;*\s*set\s+(?:(?:session|local|global)\s+)?transaction\b/.test(code) ? 'set transaction' : undefined
}

/** https://mariadb.com/kb/en/sql-statements-that-cause-an-implicit-commit/ and its like of MySQL. */
const committingVerbs: ReadonlySet<string> = new Set([
  ...['alter', 'create', 'drop', 'rename', 'truncate', 'grant', 'revoke', 'lock', 'unlock', 'install', 'uninstall', 'import'],
  ...['analyze', 'cache', 'check', 'flush', 'optimize', 'repair', 'reset', 'change', 'start', 'stop', 'shutdown'],
])

function commitsImplicitly(words: readonly string[]): boolean {
  const [verb = '', second = ''] = words
  if (verb === 'create' || verb === 'drop') return !words.includes('temporary')
  // ANALYZE SELECT runs a query and tells of it; ANALYZE TABLE commits.
  if (verb === 'analyze') return /^(?:table|no_write_to_binlog|local)$/.test(second)
  if (verb === 'set') return second === 'password'
  if (verb === 'load') return second === 'index'
  return committingVerbs.has(verb)
}

const queryVerbs: ReadonlySet<string> = new Set(['select', 'with', 'values', 'table'])
const shownOfTheSchema: ReadonlySet<string> = new Set([
  ...['tables', 'columns', 'fields', 'create', 'index', 'indexes', 'keys', 'databases', 'schemas', 'table', 'triggers'],
  ...['collation', 'character', 'engines', 'events', 'function', 'procedure'],
])

/** Locks, writes, variables, and sequences. */
const notOnlyReading = new RegExp(
  [/@|\binto\b|\bupdate\b|\bdelete\b|\bfor\s+share\b|\block\s+in\s+share\s+mode\b/, /\b(?:next|previous)\s+value\s+for\b/]
    .map(({ source }) => source)
    .join('|'),
)

function readsOnly(words: readonly string[], code: string): boolean {
  const [verb = ''] = words
  if (!callsHarmlessOnly(code)) return false
  if (queryVerbs.has(verb)) return !notOnlyReading.test(code)
  if (verb === 'show') return shownOfTheSchema.has(words.slice(1).find((word) => word !== 'full' && word !== 'extended') ?? '')
  // EXPLAIN ANALYZE runs the statement, and EXPLAIN what is derived in it.
  return (verb === 'explain' || verb === 'describe' || verb === 'desc') && !/\banalyze\b/.test(code)
}
