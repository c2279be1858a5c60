import { errors } from '@covet/db'
import type { LimitScope } from '../wire/session.ts'
import { codeOf } from './code.ts'
import { callsHarmlessOnly } from './functions.ts'

const firstWord = /[a-z]+/i
const transactionControl: ReadonlySet<string> = new Set(['begin', 'start', 'commit', 'end', 'rollback', 'abort', 'savepoint', 'release'])
const reading: ReadonlySet<string> = new Set(['select', 'with', 'values', 'table', 'show', 'explain'])
/** Anywhere in the code: statements inside a WITH, what EXPLAIN would run, row locks, SELECT INTO. */
const writingWord = /\b(?:insert|update|delete|merge|into|share|analy[sz]e|execute)\b/i

/**
 * Whether the statement, as far as its text tells, changes nothing and touches nothing of the session. When in doubt it
 * does: a function that is not known may do anything.
 */
export function readsOnly(text: string): boolean {
  const code = codeOf(text)
  return reading.has(verbOf(code)) && !writingWord.test(code) && callsHarmlessOnly(code)
}

/** @throws {TransactionControlError} */
export function refuseTransactionControl(text: string): void {
  const code = codeOf(text)
  const verb = verbOf(code)
  if (transactionControl.has(verb)) throw new errors.TransactionControlError(verb)
  if (/^[\s;(]*prepare\s+transaction\b/i.test(code)) throw new errors.TransactionControlError('prepare transaction')
}

/** For how long a statement timeout holds that the text sets, or may set. */
export function limitScopeOf(text: string): LimitScope | undefined {
  if (!/statement_timeout|set_config/i.test(text)) return undefined
  return /\bset\s+local\b/i.test(text) ? 'transaction' : 'connection'
}

function verbOf(code: string): string {
  return firstWord.exec(code)?.[0].toLowerCase() ?? ''
}
