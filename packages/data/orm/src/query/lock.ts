import { InvalidQueryError } from '../errors.ts'
import type { LockOptions as Locked } from '../sql/dialect.ts'
import type { LockOptions } from '../types/rows.ts'
import type { Op } from './op.ts'
import { plainOp } from './ops.ts'

export function lockOp(mode: unknown, { skipLocked = false, noWait = false }: LockOptions = {}): Op {
  if (mode !== 'update' && mode !== 'share') throw new InvalidQueryError(`lock() takes 'update' or 'share', not ${JSON.stringify(mode)}.`)
  if (skipLocked && noWait) throw new InvalidQueryError('lock() takes skipLocked or noWait, not both.')
  const wait = skipLocked ? 'skipLocked' : noWait ? 'noWait' : 'wait'
  return rowLock({ mode, wait })
}

/** Of the owner of a relation, which is to change. @param mode as the engines' SQL has them */
export function ownerLockOp(mode: Locked['mode']): Op {
  return rowLock({ mode, wait: 'wait' })
}

function rowLock(lock: Locked): Op {
  return plainOp(`lock ${lock.mode} ${lock.wait}`, (state) => {
    state.lock = lock
  })
}
