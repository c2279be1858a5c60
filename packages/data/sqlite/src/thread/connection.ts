import type { BeginOptions, Connection, Result, Role, ServerInfo, Statement } from '@covet/db'
import { bind } from '../bind.ts'
import type { SqliteConnection } from '../connection.ts'
import { openConnection } from '../open.ts'
import type { ResolvedSqliteOptions } from '../options.ts'
import { withBuffers, withoutTheirMemory } from './buffers.ts'
import type { State } from './protocol.ts'
import { Thread } from './thread.ts'

/** Stands for a connection that lives in a thread of its own: whatever SQLite does there, the event loop goes on here. */
export class ThreadConnection implements Connection {
  readonly server: ServerInfo
  readonly #thread: Thread
  /** Says what statements do, and runs none. */
  readonly #planner: SqliteConnection

  private constructor(thread: Thread, planner: SqliteConnection) {
    this.server = planner.server
    this.#thread = thread
    this.#planner = planner
  }

  /** @throws {MissingFolderError} {@link ConnectionFailedError} */
  static async open(options: ResolvedSqliteOptions, role: Role): Promise<ThreadConnection> {
    const thread = new Thread({ options, role })
    try {
      await thread.opened
      return new ThreadConnection(thread, await openConnection(options, 'reader'))
    } catch (error) {
      await thread.end()
      throw error
    }
  }

  get isOpen(): boolean {
    return this.#thread.state.isOpen
  }

  get isBusy(): boolean {
    return this.#thread.isBusy
  }

  get transactionStatus(): State['transactionStatus'] {
    return this.#thread.state.transactionStatus
  }

  onLost(listener: (error: unknown) => void): void {
    this.#thread.onLost(listener)
  }

  async execute(statement: Statement, signal?: AbortSignal): Promise<Result<unknown>> {
    const result = await this.#thread.ask('execute', [bound(statement)], signal)
    return { ...result, rows: withBuffers(result.rows) }
  }

  isReadOnly(text: string): boolean {
    return this.#planner.isReadOnly(text)
  }

  async *stream(statement: Statement, signal?: AbortSignal): AsyncGenerator<unknown> {
    await this.#thread.ask('stream', [bound(statement)])
    try {
      for (;;) {
        const { rows, isLast } = await this.#thread.ask('next', [])
        for (const row of withBuffers(rows)) {
          yield row
          signal?.throwIfAborted()
        }
        if (isLast) return
      }
    } finally {
      if (this.isOpen) await this.#thread.ask('endStream', [])
    }
  }

  script(text: string): Promise<void> {
    return this.#thread.ask('script', [text])
  }

  begin({ readOnly, signal }: BeginOptions): Promise<void> {
    return this.#thread.ask('begin', [readOnly], signal)
  }

  commit(): Promise<boolean> {
    return this.#thread.ask('commit', [])
  }

  rollback(): Promise<void> {
    return this.#thread.ask('rollback', [])
  }

  savepoint(name: string): Promise<void> {
    return this.#thread.ask('savepoint', [name])
  }

  rollbackTo(name: string): Promise<void> {
    return this.#thread.ask('rollbackTo', [name])
  }

  release(name: string): Promise<void> {
    return this.#thread.ask('release', [name])
  }

  async close(): Promise<void> {
    try {
      if (this.isOpen) await this.#thread.ask('close', [])
    } finally {
      this.#planner.close()
      await this.#thread.end()
    }
  }
}

/** Refused here what cannot be bound, in the thread nothing is left to look at. */
function bound(statement: Statement): Statement {
  const { params, valuesAsGiven } = statement
  return { ...statement, params: withoutTheirMemory(valuesAsGiven ? params : bind(params)), valuesAsGiven: true }
}
