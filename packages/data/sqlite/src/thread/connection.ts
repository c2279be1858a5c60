import { type BeginOptions, type Connection, errors, type Result, type Role, type ServerInfo, type Statement } from '@covet/db'
import { bind } from '../bind.ts'
import type { SqliteConnection } from '../connection.ts'
import { openConnection } from '../open.ts'
import type { ResolvedSqliteOptions } from '../options.ts'
import { withBuffers, withoutTheirMemory } from './buffers.ts'
import type { Part, Served, State } from './protocol.ts'
import { Thread } from './thread.ts'

/** Stands for a connection that lives in a thread of its own: whatever SQLite does there, the event loop goes on here. */
export class ThreadConnection implements Connection {
  readonly server: ServerInfo
  readonly #thread: Thread
  /** Says what statements do, and runs none. */
  readonly #planner: SqliteConnection
  readonly #role: Role
  /** The one that is open. */
  #stream: object | undefined

  private constructor(thread: Thread, planner: SqliteConnection, role: Role) {
    this.server = planner.server
    this.#thread = thread
    this.#planner = planner
    this.#role = role
  }

  /** @throws {MissingFolderError} {@link ConnectionFailedError} */
  static async open(options: ResolvedSqliteOptions, role: Role): Promise<ThreadConnection> {
    const thread = await Thread.start({ options, role })
    try {
      return new ThreadConnection(thread, await openConnection(options, 'reader'), role)
    } catch (error) {
      await thread.close()
      throw error
    }
  }

  get isOpen(): boolean {
    return this.#thread.isOpen
  }

  get isBusy(): boolean {
    return this.#thread.isBusy
  }

  get transactionStatus(): State['transactionStatus'] {
    return this.#thread.transactionStatus
  }

  onLost(listener: (error: unknown) => void): void {
    this.#thread.onLost(listener)
  }

  async execute(statement: Statement, signal?: AbortSignal): Promise<Result<unknown>> {
    const { rest, ...result } = await this.#thread.ask('execute', [bound(statement)], { signal, statement: statement.text })
    withBuffers(result.rows)
    if (rest !== undefined) await this.#readMore(result.rows, rest)
    return result
  }

  /** What only the writer's own session knows, a temporary table, is unknown here, and is taken to write. */
  isReadOnly(text: string): boolean {
    try {
      return this.#planner.isReadOnly(text)
    } catch (error) {
      if (this.#role === 'writer' && error instanceof errors.QueryFailed) return false
      throw error
    }
  }

  async *stream(statement: Statement, signal?: AbortSignal): AsyncGenerator<unknown> {
    const { text } = statement
    const asked = bound(statement)
    // Before it is asked for: whose stream this one ends takes none of its rows.
    const stream = (this.#stream = {})
    try {
      await this.#thread.ask('stream', [asked], { statement: text })
      for (let isRead = false; ;) {
        if (this.isOpen && this.#stream !== stream) throw new errors.StreamEndedError({ statement: text })
        if (isRead) return
        const { rows, isLast } = await this.#goOn('next', [])
        signal?.throwIfAborted()
        for (const row of withBuffers(rows)) {
          yield row
          signal?.throwIfAborted()
        }
        isRead = isLast
      }
    } finally {
      if (this.#stream === stream) await this.endStreams()
    }
  }

  /** Of a thread that is gone nothing is open. */
  async endStreams(): Promise<void> {
    if (!this.#stream) return
    this.#stream = undefined
    if (this.isOpen) await this.#thread.ask('endStreams', [])
  }

  script(text: string, signal?: AbortSignal): Promise<void> {
    return this.#thread.ask('script', [text], { signal })
  }

  begin({ readOnly, signal }: BeginOptions): Promise<void> {
    return this.#thread.ask('begin', [readOnly], { signal })
  }

  async commit(): Promise<boolean> {
    // A thread that ended took its transaction along, before anybody asked to keep it.
    return this.isOpen && this.#thread.ask('commit', [])
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

  /** The planner first: a connection that only reads does not take the files beside the database away, and the last one has to. */
  async close(): Promise<void> {
    try {
      this.#planner.close()
    } finally {
      await this.#thread.close()
    }
  }

  /** All rows in one message would keep this thread from everything else while it takes them apart. */
  async #readMore(rows: unknown[], first: number): Promise<void> {
    for (let rest: number | undefined = first; rest !== undefined;) {
      const part: Part = await this.#goOn('more', [rest])
      for (const row of withBuffers(part.rows)) rows.push(row)
      rest = part.rest
    }
  }

  /** With what has been sent: that nothing of it was is not to be said any more. */
  async #goOn<M extends 'more' | 'next'>(method: M, args: Parameters<Served[M]>): Promise<ReturnType<Served[M]>> {
    if (!this.isOpen) throw new errors.ConnectionLost()
    return this.#thread.ask(method, args)
  }
}

/** What is known of statements, and nothing else. Refused here what cannot be bound, in the thread nothing is left to look at. */
function bound(statement: Statement): Statement {
  const { text, params, rowMode = 'object', firstOnly = false, valuesAsGiven = false, integerColumns, numberColumns } = statement
  const values = withoutTheirMemory(valuesAsGiven ? params : bind(params))
  return { text, params: values, rowMode, firstOnly, valuesAsGiven: true, integerColumns, numberColumns }
}
