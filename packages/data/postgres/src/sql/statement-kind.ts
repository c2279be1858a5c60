import { errors } from '@covet/db'
import { codeOf } from './code.ts'

const firstWord = /[a-z]+/i
const transactionControl: ReadonlySet<string> = new Set(['begin', 'start', 'commit', 'end', 'rollback', 'abort', 'savepoint', 'release'])
const reading: ReadonlySet<string> = new Set(['select', 'with', 'values', 'table', 'show', 'explain'])
/** Anywhere in the code: statements inside a WITH, what EXPLAIN would run, row locks, SELECT INTO. */
const writingWord = /\b(?:insert|update|delete|merge|into|share|analy[sz]e|execute)\b/i
/** Functions that write, lock, signal or act on the session or the server. A function of one's own is not known. */
const actingFunction = new RegExp(
  `\\b(?:${[
    'nextval|setval|currval|lastval|setseed|set_config|txid_current|pg_current_xact_id|pg_notify|pg_listening_channels',
    'pg_advisory_\\w+|pg_try_advisory_\\w+|pg_export_snapshot|lo_\\w+|lowrite|loread|dblink\\w*|query_to_xml\\w*|cursor_to_xml\\w*',
    'pg_(?:terminate|cancel)_backend|pg_reload_conf|pg_rotate_logfile|pg_promote|pg_switch_wal|pg_create_\\w+|pg_drop_\\w+',
    'pg_(?:backup|start_backup|stop_backup|wal_replay|logical|replication|stat_reset|copy|import)\\w*',
  ].join('|')})\\b`,
  'i',
)

/** Whether the statement, as far as its text tells, changes nothing and touches nothing of the session. When in doubt it does. */
export function readsOnly(text: string): boolean {
  const code = codeOf(text)
  return reading.has(verbOf(code)) && !writingWord.test(code) && !actingFunction.test(code)
}

/** @throws {TransactionControlError} */
export function refuseTransactionControl(text: string): void {
  const code = codeOf(text)
  const verb = verbOf(code)
  if (transactionControl.has(verb)) throw new errors.TransactionControlError(verb)
  if (/^[\s;(]*prepare\s+transaction\b/i.test(code)) throw new errors.TransactionControlError('prepare transaction')
}

function verbOf(code: string): string {
  return firstWord.exec(code)?.[0].toLowerCase() ?? ''
}
