import { spawn, type ChildProcess } from 'node:child_process'

export interface ProgramOutcome {
  code: number | null
  signal: NodeJS.Signals | null
  output: string
}

/** A child process whose output, both streams, can be awaited. */
export interface Program {
  child: ChildProcess
  /** Settles with the first match; rejects when the program ends without it. */
  says(pattern: RegExp): Promise<RegExpMatchArray>
  ended: Promise<ProgramOutcome>
}

const running = new Set<Program>()

export function startProgram(command: string, args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Program {
  const child = spawn(command, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] })
  let output = ''
  const listeners = new Set<() => void>()
  const hear = (chunk: string): void => {
    output += chunk
    for (const listener of listeners) listener()
  }
  child.stdout.setEncoding('utf8').on('data', hear)
  child.stderr.setEncoding('utf8').on('data', hear)
  const ended = new Promise<ProgramOutcome>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal, output }))
  })
  const says = (pattern: RegExp): Promise<RegExpMatchArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const match = output.match(pattern)
        if (match) {
          listeners.delete(look)
          resolve(match)
        }
      }
      listeners.add(look)
      look()
      const missed = (): void => reject(new Error(`${command} ended without saying ${pattern}:\n${output}`))
      ended.then(missed, reject)
    })
  const program = { child, says, ended }
  running.add(program)
  const forget = (): boolean => running.delete(program)
  ended.then(forget, forget)
  return program
}

/** Ends what a failed test left behind; a test that passed has ended its own. */
export async function endPrograms(): Promise<void> {
  for (const { child } of running) child.kill('SIGTERM')
  await Promise.all([...running].map(({ ended }) => ended))
}

/** Runs Node's own executable on a file of the workspace. */
export function startNode(args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Program {
  return startProgram(process.execPath, args, options)
}
