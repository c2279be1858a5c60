import { type Duration, toMilliseconds } from '@covet/core'
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { LineNotWrittenError, ProcessNotReadyError } from './errors.ts'
import { Output } from './output.ts'

/** What a line has to be: a pattern it contains, or a function of it. */
export type LineMatcher = RegExp | ((line: string) => boolean)

export interface ProcessOptions {
  args?: readonly string[]
  /** Options of Node itself, before the script. */
  nodeArgs?: readonly string[]
  /** Added to this process's environment without NODE_ENV, NODE_OPTIONS and the test runner's own; `undefined` takes one away. */
  env?: Readonly<Record<string, string | undefined>>
  cwd?: string
  /** The line, of either stream, that says the process is ready. @default it is ready once it runs */
  ready?: LineMatcher
  /** The longest wait for that line. @default '10s' */
  timeout?: Duration
}

/** How a process ended: one of the two is null. */
export interface ProcessExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

type Child = ChildProcessByStdio<null, Readable, Readable>

/** Ends the process when the one that started it is gone, however that went: its end of this pipe is closed. Threads load it too. */
const lifeline = `import{Socket}from'node:net';import{isMainThread}from'node:worker_threads';if(isMainThread)new Socket({fd:3}).on('close',()=>process.kill(process.pid,'SIGKILL')).on('error',()=>{}).resume().unref()`

/** A Node process of a test's own, with its output. It is killed at the end of the block, and with this process. */
export class TestProcess implements AsyncDisposable {
  readonly pid: number
  /** Settles when the process has ended and its output is complete. */
  readonly exit: Promise<ProcessExit>
  readonly #script: string
  readonly #child: Child
  readonly #stdout = new Output()
  readonly #stderr = new Output()
  #exited: ProcessExit | undefined
  /** The line that said it is ready, as the pattern matched it. */
  #readyLine = ''

  private constructor(script: string, child: Child) {
    this.#script = script
    this.#child = child
    this.pid = child.pid as number
    this.#stdout.read(child.stdout)
    this.#stderr.read(child.stderr)
    this.exit = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        this.#exited = { code, signal }
        resolve(this.#exited)
      })
    })
  }

  static async start(
    script: string | URL,
    { args = [], nodeArgs = [], env = {}, cwd, ready, timeout = '10s' }: ProcessOptions = {},
  ): Promise<TestProcess> {
    const path = script instanceof URL ? fileURLToPath(script) : script
    const child = spawn(
      process.execPath,
      [...nodeArgs, '--import', `data:text/javascript,${encodeURIComponent(lifeline)}`, path, ...args],
      {
        env: { ...ownEnvironment(), ...env },
        stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
        ...(cwd !== undefined && { cwd }),
      },
    ) as Child
    await once(child, 'spawn')
    const started = new TestProcess(path, child)
    if (ready) await started.#becomeReady(ready, timeout)
    return started
  }

  get stdout(): string {
    return this.#stdout.text
  }

  get stderr(): string {
    return this.#stderr.text
  }

  /** The line that said the process is ready; empty when none was asked for. */
  get readyLine(): string {
    return this.#readyLine
  }

  get hasExited(): boolean {
    return this.#exited !== undefined
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /**
   * A line that was written already, or the next one that matches.
   * @throws {LineNotWrittenError} when the process ends or the time is over
   */
  line(matcher: LineMatcher, { timeout = '10s' }: { timeout?: Duration } = {}): Promise<string> {
    const written = `${this.stdout}\n${this.stderr}`.split('\n').find((line) => matches(matcher, line))
    return written === undefined ? this.#nextLine(matcher, timeout) : Promise.resolve(written)
  }

  /** Bytes of physical memory it holds. @throws where the system has no /proc */
  residentMemory(): number {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'))?.[1]
    return Number(kilobytes) * 1_024
  }

  /** Kills it, and waits until it is gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#exited) this.#child.kill('SIGKILL')
    await this.exit
  }

  async #becomeReady(ready: LineMatcher, timeout: Duration): Promise<void> {
    try {
      this.#readyLine = await this.#nextLine(ready, timeout)
    } catch (error) {
      const fact = this.#exited ? `ended with ${describeExit(this.#exited)}` : 'ran out of time'
      await this[Symbol.asyncDispose]()
      if (!(error instanceof LineNotWrittenError)) throw error
      throw new ProcessNotReadyError(this.#script, fact, this.#output())
    }
  }

  #nextLine(matcher: LineMatcher, timeout: Duration): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const fail = (fact: string): void => reject(new LineNotWrittenError(this.#script, String(matcher), fact, this.#output()))
    const timer = setTimeout(() => fail('ran out of time'), toMilliseconds(timeout))
    const stops = [this.#stdout, this.#stderr].map((output) =>
      output.onLine((line) => {
        if (matches(matcher, line)) resolve(line)
      }),
    )
    void this.exit.then((exit) => fail(`ended with ${describeExit(exit)}`))
    return promise.finally(() => {
      clearTimeout(timer)
      for (const stop of stops) stop()
    })
  }

  #output(): string {
    return `${this.stdout}${this.stderr}`.trimEnd()
  }
}

/**
 * Starts a script with the Node that runs this process:
 * `await using app = await startProcess('app.ts', { ready: /listening on (\S+)/ })`.
 * @throws {ProcessNotReadyError} with what it wrote; the process is gone then
 */
export function startProcess(script: string | URL, options: ProcessOptions = {}): Promise<TestProcess> {
  return TestProcess.start(script, options)
}

function ownEnvironment(): NodeJS.ProcessEnv {
  const { NODE_ENV: _mode, NODE_OPTIONS: _options, JEST_WORKER_ID: _worker, ...environment } = process.env
  return environment
}

function matches(matcher: LineMatcher, line: string): boolean {
  return typeof matcher === 'function' ? matcher(line) : matcher.test(line)
}

function describeExit({ code, signal }: ProcessExit): string {
  return signal === null ? `code ${code}` : signal
}
