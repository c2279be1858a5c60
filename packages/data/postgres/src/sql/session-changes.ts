import { codeOf } from './code.ts'

/**
 * That a text leaves the session other than it was, or `perhaps`, as what it runs is not looked at; with positions of
 * parameters, from 1: unless all of them are true.
 */
export type SessionChange = 'always' | 'perhaps' | readonly number[]

/** Where most texts end: nothing in them is about the session. */
const suspicious =
  /\b(?:set|set_config|discard|deallocate|listen|load|prepare|declare|temp|temporary|pg_temp|do|pg_(?:try_)?advisory_lock(?:_shared)?)\b/i
const changing = new RegExp(
  [
    String.raw`set\b(?!\s+(?:local|constraints|transaction)\b)`,
    String.raw`(?:discard|deallocate|listen|load)\b`,
    String.raw`prepare\b(?!\s+transaction\b)`,
    String.raw`declare\b.*\bwith\s+hold\b`,
    String.raw`create\s+(?!.*\bon\s+commit\s+drop\b)(?:(?:or|replace|global|local)\s+)*(?:temp|temporary)\b`,
    String.raw`create\b(?!.*\bon\s+commit\s+drop\b).*\bpg_temp\s*\.`,
    String.raw`(?:select|with|values|table)\b.*\binto(?<!\b(?:insert|merge)\s+into)\s+(?:temp|temporary|pg_temp)\b`,
  ]
    .map((statement) => String.raw`^[\s(]*${statement}`)
    .join('|'),
  'is',
)
const unseen = /^[\s(]*do\b/i
/** Held by the session; those of a transaction have other names. */
const sessionLock = /\bpg_(?:try_)?advisory_lock(?:_shared)?\s*\(/i
/** Statements that name a function and do not call it. */
const naming = /^[\s(]*(?:grant|revoke|comment|alter|drop|create\s+(?:or\s+replace\s+)?(?:function|procedure|view))\b/i
const setConfig = /\bset_config\s*\(/gi
/** The argument by its place or by its name. */
const namedLocal = /^\s*(?:is_local\s*(?:=>|:=))?\s*(.*\S)\s*$/is
const parameter = /^\$(\d+)(?:\s*::\s*bool(?:ean)?)?$/i

/**
 * How the session is after the text, which may be several statements, as far as it tells: what a function or a procedure
 * sets inside is not seen. In doubt it is changed.
 */
export function sessionChangeOf(text: string): SessionChange | undefined {
  if (!suspicious.test(text)) return undefined
  const code = codeOf(text)
  const statements = code.split(';')
  if (statements.some(changes)) return 'always'
  const positions: number[] = []
  for (const { index, 0: head } of code.matchAll(setConfig)) {
    const local = thirdArgument(code, index + head.length)
    const position = parameter.exec(local)?.[1]
    if (position !== undefined) positions.push(Number(position))
    else if (local.toLowerCase() !== 'true') return 'always'
  }
  if (statements.some((statement) => unseen.test(statement))) return 'perhaps'
  return positions.length > 0 ? positions : undefined
}

/** Whether a text with these parameters changes its session, or may. */
export function isChanged(change: SessionChange, params: readonly unknown[]): boolean {
  return typeof change === 'string' || change.some((position) => params[position - 1] !== true)
}

function changes(statement: string): boolean {
  return changing.test(statement) || (sessionLock.test(statement) && !naming.test(statement))
}

function thirdArgument(code: string, start: number): string {
  const commas: number[] = []
  let depth = 0
  for (let at = start; at < code.length; at += 1) {
    const character = code[at]
    if (character === '(' || character === '[') depth += 1
    else if (character === ')' && depth === 0) return namedLocal.exec(code.slice((commas[1] ?? at) + 1, at))?.[1] ?? ''
    else if (character === ')' || character === ']') depth -= 1
    else if (character === ',' && depth === 0) commas.push(at)
  }
  return ''
}
