import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A child process that answers one call at a time over IPC and ends with this one. */
export interface Worker<Call, Answer> {
  readonly pid: number
  call(message: Call): Promise<Answer>
  stop(): Promise<void>
}

export interface WorkerOptions {
  /** The core to run on; undefined lets the scheduler choose. */
  core?: number | undefined
  nodeFlags?: readonly string[]
  args?: readonly string[]
}

/** Starts a module of this folder and resolves with what it first says. */
export async function startWorker<Call extends object, Answer extends object>(
  module: string,
  { core, nodeFlags = [], args = [] }: WorkerOptions = {},
): Promise<{ worker: Worker<Call, Answer>; first: Answer }> {
  const path = fileURLToPath(new URL(module, import.meta.url))
  const node = [process.execPath, ...nodeFlags, path, ...args]
  const command = core === undefined ? node : ['taskset', '-c', String(core), ...node]
  const child = spawn(command[0] as string, command.slice(1), {
    // What a contender logs is not read, and stands in no table.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production' },
  })
  const first = await answer<Answer>(child, module)
  return {
    first,
    worker: {
      pid: child.pid as number,
      async call(message) {
        child.send(message)
        return answer<Answer>(child, module)
      },
      async stop() {
        if (child.exitCode !== null || child.signalCode !== null) return
        const ended = once(child, 'exit')
        child.disconnect()
        await ended
      },
    },
  }
}

function answer<Answer>(child: ChildProcess, module: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      child.off('message', onMessage)
      child.off('error', onError)
      child.off('exit', onExit)
    }
    const onMessage = (message: unknown): void => {
      settle()
      resolve(message as Answer)
    }
    const onError = (cause: Error): void => {
      settle()
      reject(new Error(`${module} could not be started.`, { cause }))
    }
    const onExit = (code: number | null, signal: string | null): void => {
      settle()
      reject(new Error(`${module} (${child.spawnargs.slice(-2).join(' ')}) ended with ${signal ?? code} before it answered.`))
    }
    child.once('message', onMessage)
    child.once('error', onError)
    child.once('exit', onExit)
  })
}
