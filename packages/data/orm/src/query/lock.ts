import { InvalidQueryError } from '../errors.ts'
import type { LockOptions } from '../types/rows.ts'
import type { Op } from './op.ts'
import { plainOp } from './ops.ts'

export function lockOp(mode: unknown, { skipLocked = false, noWait = false }: LockOptions = {}): Op {
  if (mode !== 'update' && mode !== 'share') throw new InvalidQueryError(`lock() takes 'update' or 'share', not ${JSON.stringify(mode)}.`)
  if (skipLocked && noWait) throw new InvalidQueryError('lock() takes skipLocked or noWait, not both.')
  const wait = skipLocked ? 'skipLocked' : noWait ? 'noWait' : 'wait'
  return plainOp(`lock ${mode} ${wait}`, (state) => {
    state.lock = { mode, wait }
  })
}
