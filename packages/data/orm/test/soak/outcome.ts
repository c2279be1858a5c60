import { errors as dbErrors } from '@covet/db'
import { errors } from '../../src/index.ts'
import type { Outcome } from './journal.ts'

/** Thrown to undo a savepoint, or to leave a stream. */
export class OnPurpose extends Error {}

/** What an abort is for: the client is not there any more. */
export class ClientLeft extends Error {}

export interface Verdict {
  readonly outcome: Outcome
  /** The code of the error, or its name. */
  readonly code: string
  /** Not one that these faults explain. */
  readonly unexpected: boolean
}

/**
 * What the error says about whether a write happened.
 * @param inTransaction it was part of one, so that nothing but the commit makes it last
 */
export function judge(error: unknown, inTransaction: boolean): Verdict {
  return { outcome: isUnknown(error, inTransaction) ? 'unknown' : 'failed', code: codeOf(error), unexpected: !isExpected(error) }
}

function isUnknown(error: unknown, inTransaction: boolean): boolean {
  if (error instanceof dbErrors.CommitUnknown) return true
  return !inTransaction && error instanceof dbErrors.ConnectionLost && error.sent
}

/** What can be tried again later, and what is the caller's own. */
function isExpected(error: unknown): boolean {
  if (error instanceof OnPurpose || error instanceof ClientLeft || error instanceof errors.StaleObject) return true
  if (error instanceof dbErrors.CommitUnknown || error instanceof dbErrors.TransactionAborted) return true
  return error instanceof dbErrors.DatabaseError && error.statusCode === 503
}

function codeOf(error: unknown): string {
  if (error instanceof dbErrors.DatabaseError || error instanceof errors.OrmError) return error.code
  return error instanceof Error ? (error.name === 'Error' ? error.constructor.name : error.name) : String(error)
}
