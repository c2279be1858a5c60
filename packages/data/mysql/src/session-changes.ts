import { SessionSettingError } from './errors.ts'
import type { StatusHeader } from './wire.ts'

/** What escaping, dates and transactions rest on: a statement on a connection where these differ may do something else. */
const essential: ReadonlySet<string> = new Set(['sql_mode', 'character_set_client', 'character_set_connection', 'time_zone', 'autocommit'])

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
