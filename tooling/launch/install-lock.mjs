import { createHash } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/**
 * Holds a lock of this checkout while the work runs, so that `npm start` and `npm test` typed in two terminals do not both
 * install. It lies outside node_modules, which an install may empty. A lock whose holder is gone is taken over.
 * @param {string} root
 * @param {{ onWait: () => void }} options
 * @param {() => Promise<void>} work
 */
export async function withInstallLock(root, { onWait }, work) {
  const key = createHash('sha256').update(root).digest('hex').slice(0, 12)
  const file = join(tmpdir(), `covet-install-${process.getuid?.() ?? 'user'}-${key}.lock`)
  for (let waited = false; !acquire(file); waited = true) {
    if (!waited) onWait()
    await delay(250)
  }
  try {
    await work()
  } finally {
    rmSync(file, { force: true })
  }
}

/** @param {string} file */
function acquire(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
  }
  if (!holderIsAlive(file)) rmSync(file, { force: true })
  return false
}

/** @param {string} file */
function holderIsAlive(file) {
  try {
    process.kill(Number(readFileSync(file, 'utf8')), 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
