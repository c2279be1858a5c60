import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { workspaceRoot } from './workspace.ts'

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  cwd: string
  env?: Record<string, string>
}

/** Runs a Node program to its end with the Node that runs us; a failing exit code is a result, not an error. */
export function runNode(args: readonly string[], { cwd, env = {} }: RunOptions): Promise<Ran> {
  return run(process.execPath, args, { cwd, env })
}

export function run(command: string, args: readonly string[], { cwd, env = {} }: RunOptions): Promise<Ran> {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const out: Buffer[] = []
  const err: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
  const { promise, resolve, reject } = Promise.withResolvers<Ran>()
  child.on('error', reject)
  child.on('close', (code) => resolve({ code: code ?? 1, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }))
  return promise
}

/** The script of a tool the workspace pins, to be run by `process.execPath`. */
export function tool(path: string): string {
  return join(workspaceRoot, 'node_modules', path)
}

export const tools = {
  tsc: tool('typescript/bin/tsc'),
  oxlint: tool('oxlint/bin/oxlint'),
  pnpm: tool('pnpm/bin/pnpm.cjs'),
  publint: tool('publint/src/cli.js'),
  attw: tool('@arethetypeswrong/cli/dist/index.js'),
} as const

/** Applies `work` to every item, at most `limit` at a time, keeping the order of the results. */
export async function mapLimit<T, R>(items: readonly T[], limit: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  let next = 0
  async function worker(): Promise<void> {
    while (next < items.length) {
      const index = next++
      results[index] = await work(items[index] as T)
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker))
  return results
}
