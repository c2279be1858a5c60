import { errors } from '@covet/db'
import { codeOf } from './code.ts'
import { callsHarmlessOnly } from './functions.ts'

const firstWord = /[a-z]+/i
const transactionControl: ReadonlySet<string> = new Set(['begin', 'start', 'commit', 'end', 'rollback', 'abort', 'savepoint', 'release'])
const reading: ReadonlySet<string> = new Set(['select', 'with', 'values', 'table', 'show', 'explain'])
/** Anywhere in the code: statements inside a WITH, what EXPLAIN would run, row locks, SELECT INTO. */
const writingWord = /\b(?:insert|update|delete|merge|into|share|analy[sz]e|execute)\b/i

const namesLimit = /statement_timeout/i
/** In a text with the limit's name in it: which of its literals that is, and what a DO block does, is not asked. */
const setting = /\bset\s+(?:(?:local|session)\s+)?statement_timeout\b|\bset_config\s*\(|(?:^|;)[\s(]*do\b/i
/** In one without: a literal is another setting's name, what is put together may be any. */
const settingAnything = /\bset_config\s*\(\s*[^\s,]/i

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

/** Whether the text sets the statement timeout, or may. */
export function setsLimit(text: string): boolean {
  if (namesLimit.test(text)) return setting.test(codeOf(text))
  return /set_config/i.test(text) && settingAnything.test(codeOf(text))
}

function verbOf(code: string): string {
  return firstWord.exec(code)?.[0].toLowerCase() ?? ''
}
