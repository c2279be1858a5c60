import type { Connection } from './driver.ts'
import { UnbalancedScriptError } from './errors.ts'

/** Runs a script on a connection, which afterwards is in a transaction exactly if it was before. */
export async function runScript(connection: Connection, text: string, signal?: AbortSignal): Promise<void> {
  const before = connection.transactionStatus
  try {
    await connection.script(text, signal)
    if (connection.transactionStatus !== before) throw new UnbalancedScriptError()
  } finally {
    if (before === 'idle' && connection.transactionStatus !== 'idle') await connection.rollback()
  }
}
