import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

/** A child process that answers one call at a time, in lines of JSON, and ends with this one. */
export interface Worker {
  call(message: object): Promise<unknown>
  stop(): Promise<void>
}

export interface WorkerOptions {
  /** The core to run on; undefined lets the scheduler choose. */
  core?: number | undefined
}

type Answer = { value: unknown } | { error: string }

/** Starts a program that speaks the protocol of `serve` and resolves with what it first says. */
export async function startWorker(program: readonly string[], { core }: WorkerOptions = {}): Promise<{ worker: Worker; first: unknown }> {
  const [command = '', ...args] = core === undefined ? program : ['taskset', '-c', String(core), ...program]
  const child = spawn(command, args, {
    stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_ENV: 'production', TZ: 'UTC' },
  })
  const name = program.slice(-4).join(' ')
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said = `${said}${text}`.slice(-saidMost)))
  const ended = once(child, 'close')
  // The rejection reaches whoever waits for an answer; nobody may be waiting.
  ended.catch(() => {})
  const lines = createInterface({ input: child.stdio[3] as Readable })[Symbol.asyncIterator]()
  const read = async (): Promise<unknown> => {
    const line = await lines.next()
    if (line.done) {
      await ended
      throw new Error(`${name} ended with ${child.signalCode ?? child.exitCode} before it answered.\n${said}`)
    }
    const answer = JSON.parse(line.value) as Answer
    if ('error' in answer) throw new Error(`${name}: ${answer.error}`)
    return answer.value
  }
  const stop = (): Promise<void> => stopChild(child, ended)
  try {
    return { first: await read(), worker: { stop, call: (message) => (child.stdin?.write(`${JSON.stringify(message)}\n`), read()) } }
  } catch (error) {
    await stop()
    throw error
  }
}

const patience = 10_000
/** Characters of what a child says that its error repeats. */
const saidMost = 4_000

/** The end of its input ends a worker; one that stays (an ORM's pool that does not close) is killed. */
async function stopChild(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const timer = setTimeout(() => child.kill('SIGKILL'), patience)
  child.stdin?.end()
  await ended
  clearTimeout(timer)
}
