import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { types } from 'node:util'

/**
 * Runs the work while holding a named lock of the folder, across processes. SQLite's file lock is released by the
 * operating system when the holder dies, so no lock is ever left behind.
 */
export async function withLock<T>(folder: string, name: string, work: () => Promise<T>): Promise<T> {
  const lock = new DatabaseSync(join(folder, `${name}.lock`))
  try {
    while (!tryAcquire(lock)) await delay(50)
    return await work()
  } finally {
    lock.close()
  }
}

const sqliteBusy = 5

function tryAcquire(lock: DatabaseSync): boolean {
  try {
    lock.exec('begin exclusive')
    return true
  } catch (error) {
    if (types.isNativeError(error) && 'errcode' in error && error.errcode === sqliteBusy) return false
    throw error
  }
}
