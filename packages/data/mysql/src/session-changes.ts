import { SessionSettingError } from './errors.ts'
import type { StatusHeader } from './wire.ts'

/** What escaping, dates and transactions rest on: a statement on a connection where these differ may do something else. */
const essential: ReadonlySet<string> = new Set(['sql_mode', 'character_set_client', 'character_set_connection', 'time_zone', 'autocommit'])

/** A user variable. In code a quoted name is left as its quotes. */
const variable = "(?<!@)@(?:``|''|[\\w$.\\u0080-\\uffff]+)"
const lasting = new RegExp(String.raw`${variable}\s*:=|\binto\s*@|\bget_lock\s*\(`)
const lastingByHead =
  /^(?:create (?:or replace )?temporary|lock|backup|handler|prepare|execute immediate|set role|set session authorization)\b/
/** Where it depends on what follows, too. */
const lastingByVerb: ReadonlyMap<string, RegExp> = new Map([
  ['set', new RegExp(String.raw`${variable}\s*=`)],
  // A variable may be what it writes to.
  ['call', new RegExp(variable)],
  ['load', new RegExp(variable)],
  ['get', new RegExp(variable)],
  ['flush', /\bwith\s+read\s+lock\b|\bfor\s+export\b/],
])

/**
 * Whether a statement, as far as its first words and its code tell, leaves in the session what no answer tells of:
 * temporary tables, locks, user variables, a role, prepared statements. In doubt it does.
 */
export function leavesTraces(words: readonly string[], code: string): boolean {
  return lastingByHead.test(words.join(' ')) || lasting.test(code) || lastingByVerb.get(words[0] ?? '')?.test(code) === true
}

/**
 * Whether the answers tell of settings that the next user of the connection would not expect.
 * @throws {SessionSettingError} when the next statement must not be sent at all
 */
export function changesSession(headers: readonly StatusHeader[]): boolean {
  let changed = false
  for (const { stateChanges } of headers) {
    if (!stateChanges) continue
    const names = Object.keys(stateChanges.systemVariables)
    const found = names.find((name) => essential.has(name))
    if (found !== undefined) throw new SessionSettingError(found)
    changed ||= names.length > 0 || stateChanges.schema !== null
  }
  return changed
}
