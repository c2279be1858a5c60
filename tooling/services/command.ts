import { spawn, type SpawnOptions } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { CommandFailedError } from './errors.ts'

/**
 * Runs a program to its end and answers its standard output.
 * @throws CommandFailedError with what it wrote, when it exits with another code than 0
 */
export async function execute(command: string, args: readonly string[], options: Omit<SpawnOptions, 'stdio'> = {}): Promise<string> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve(code ?? signal))
  })
  const [outcome, output, complaints] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
  if (outcome !== 0) throw new CommandFailedError(command, String(outcome), complaints || output)
  return output
}
