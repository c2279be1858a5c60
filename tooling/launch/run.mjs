import { spawn } from 'node:child_process'
import { constants } from 'node:os'

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP']
// Ctrl+C under npm arrives twice, from the terminal and from npm. An application may take a second signal as "now":
// what comes this soon is the same keystroke.
const repeatWindowMs = 500

/**
 * Runs a command with our streams, passes signals on to it, and answers with its exit code: 128 + n when signal n ended it.
 * The command gets a process group of its own, so that a terminal's Ctrl+C reaches it once, through us.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {Promise<number>}
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', detached: true, ...options })
    const stopForwarding = forwardSignals(child)
    child.once('error', (error) => {
      stopForwarding()
      reject(new Error(`${command} does not start: ${error.message}`))
    })
    child.once('exit', (code, signal) => {
      stopForwarding()
      resolve(signal ? 128 + constants.signals[signal] : code)
    })
  })
}

/** @param {import('node:child_process').ChildProcess} child */
function forwardSignals(child) {
  const lastAt = new Map()
  /** @param {NodeJS.Signals} signal */
  const forward = (signal) => {
    const now = performance.now()
    if (now - (lastAt.get(signal) ?? -Infinity) < repeatWindowMs) return
    lastAt.set(signal, now)
    child.kill(signal)
  }
  for (const signal of forwarded) process.on(signal, forward)
  return () => {
    for (const signal of forwarded) process.off(signal, forward)
  }
}
