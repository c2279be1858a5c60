import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface Child extends AsyncDisposable {
  /** Resolves with the first line of the output for which the test is true. */
  line(test: (line: string) => boolean): Promise<string>
  /** Every whole line so far. */
  readonly lines: readonly string[]
  kill(signal: NodeJS.Signals): Promise<void>
}

/** Starts a script beside this file with the Node that runs the tests. */
export function startChild(script: string, args: readonly string[]): Child {
  const path = fileURLToPath(new URL(script, import.meta.url))
  const process_ = spawn(process.execPath, [path, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  const lines: string[] = []
  const reader = createInterface({ input: process_.stdout })
  const read = new Promise<void>((resolve) => reader.once('close', resolve))
  const exited = new Promise<void>((resolve) => process_.once('exit', () => resolve()))
  reader.on('line', (line) => lines.push(line))
  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    process_.kill(signal)
    await Promise.all([exited, read])
  }
  return {
    lines,
    kill,
    line: (test) =>
      new Promise((resolve, reject) => {
        reader.on('line', (line) => {
          if (test(line)) resolve(line)
        })
        void exited.then(() => reject(new Error(`${script} ended before the line came`)))
      }),
    async [Symbol.asyncDispose]() {
      if (process_.exitCode === null && process_.signalCode === null) await kill('SIGKILL')
    },
  }
}
