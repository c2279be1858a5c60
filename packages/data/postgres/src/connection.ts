import {
  type BeginOptions,
  type Connection,
  errors,
  type Replication,
  type Result,
  type RowMode,
  type ServerInfo,
  type Statement,
} from '@covet/db'
import { PoolerSessionError } from './errors.ts'
import { columnsQuery, withColumns } from './foreign-key-columns.ts'
import { mapError, sqlStateOf } from './map-error.ts'
import type { ResolvedSession } from './options.ts'
import { createReplication } from './replication.ts'
import type { NodeFacts } from './node-facts.ts'
import { isChanged, sessionChangeOf } from './sql/session-changes.ts'
import { readsOnly, refuseTransactionControl, setsLimit } from './sql/statement-kind.ts'
import { type Prepared, Statements, type TextFacts } from './sql/statements.ts'
import { bind } from './values/parameters.ts'
import { ClosePortal, Command, type Exchange, NextPage, Query } from './wire/exchange.ts'
import type { WireValue } from './wire/protocol.ts'
import { RowShape } from './wire/row-shape.ts'
import type { ExchangeOptions, Session } from './wire/session.ts'

const streamPage = { portal: 'covet_stream', rows: 256 }
const otherServer = 'the server that runs this transaction does not know a statement prepared on this connection; run the transaction again'
const noColumns = new RowShape([])
const counting = /^(?:INSERT|UPDATE|DELETE|MERGE|COPY) (?:\d+ )?(\d+)$/

export interface ConnectionParts {
  readonly server: ServerInfo
  readonly options: ResolvedSession
  readonly node: NodeFacts
}

interface Sending {
  readonly text: string
  readonly values: readonly WireValue[]
  readonly rowMode: RowMode
}

interface OpenStream {
  readonly text: string
  /** The transaction is its own. */
  readonly own: boolean
  /** It was ended under its reader. */
  isLeft: boolean
}

/** A connection of pg behind the contract of `@covet/db`. */
export class PostgresConnection implements Connection {
  readonly server: ServerInfo
  readonly replication: Replication
  readonly #session: Session
  readonly #options: ResolvedSession
  readonly #node: NodeFacts
  readonly #statements: Statements
  #readOnly = false
  /** The stream that has the portal. */
  #stream: OpenStream | undefined
  /** The session is not what its next user expects. */
  #changed = false

  constructor(session: Session, { server, options, node }: ConnectionParts) {
    this.server = server
    this.replication = createReplication((text, params, signal) => this.execute({ text, params, rowMode: 'array' }, signal))
    this.#session = session
    this.#options = options
    this.#node = node
    this.#statements = new Statements(options.statementCache)
  }

  get isOpen(): boolean {
    return this.#session.isOpen && !this.#changed
  }

  get isBusy(): boolean {
    return this.#session.isBusy
  }

  get transactionStatus(): 'idle' | 'open' | 'failed' {
    const status = this.#session.transactionStatus
    if (status === 'T') return 'open'
    return status === 'E' ? 'failed' : 'idle'
  }

  onLost(listener: (error: unknown) => void): void {
    this.#session.onLost(listener)
  }

  async execute({ text, params, rowMode = 'object' }: Statement, signal?: AbortSignal): Promise<Result<unknown>> {
    const prepared = (this.#node.isPooler ? undefined : this.#statements.prepared(text)) ?? this.#consider(text, params)
    const { rows, tag } = await this.#send({ text, values: bind(params), rowMode }, prepared, signal)
    return { rows, changes: Number(counting.exec(tag)?.[1] ?? 0) }
  }

  isReadOnly(text: string): boolean {
    return readsOnly(text)
  }

  async *stream({ text, params, rowMode = 'object' }: Statement, signal?: AbortSignal): AsyncGenerator<unknown> {
    this.#consider(text, params)
    const values = bind(params)
    if (this.#stream) await this.endStreams()
    const own = this.transactionStatus === 'idle'
    const stream = { text, own, isLeft: false }
    if (own) await this.begin({ readOnly: true, ...(signal && { signal }) })
    try {
      let page = new Query({ name: '', text, values, rowMode, shape: undefined, forget: [], page: streamPage })
      await this.#run(page, text, { signal })
      this.#stream = stream
      for (;;) {
        yield* page.rows
        if (!page.suspended) break
        if (stream.isLeft) throw new errors.StreamEndedError({ statement: text })
        page = new NextPage(streamPage, page.shape, rowMode)
        await this.#run(page, text, { signal })
      }
    } finally {
      if (!stream.isLeft) await this.#endStream(stream)
    }
  }

  /** Its portal would be in the way of the next stream. */
  async endStreams(): Promise<void> {
    const stream = this.#stream
    if (!stream) return
    stream.isLeft = true
    if (!this.isBusy) await this.#endStream(stream)
  }

  /** One transaction, as the server has it for several statements that come at once, unless it says `begin` itself. */
  async script(text: string, signal?: AbortSignal): Promise<void> {
    assertSendable(text)
    this.#heed(text, factsOf(text), [])
    await this.#run(new Command(text), text, { signal, unlimited: true })
  }

  async begin({ readOnly, isolation, signal }: BeginOptions): Promise<void> {
    const level = isolation === undefined ? '' : ` isolation level ${isolation}`
    const text = `begin${level}${readOnly ? ' read only' : ''}`
    // The session behind a pooler is not this connection's: what it asks for ends with the transaction.
    await this.#control(this.#node.isPooler ? `${text}; ${localTimeouts(this.#options)}` : text, signal)
    this.#readOnly = readOnly
  }

  async commit(): Promise<boolean> {
    if (this.transactionStatus === 'idle') return false
    const tag = await this.#end('commit')
    return tag === 'COMMIT'
  }

  async rollback(): Promise<void> {
    await this.#end('rollback')
  }

  async savepoint(name: string): Promise<void> {
    await this.#control(`savepoint ${name}`)
  }

  async rollbackTo(name: string): Promise<void> {
    await this.#control(`rollback to ${name}`)
  }

  async release(name: string): Promise<void> {
    await this.#control(`release ${name}`)
  }

  close(): Promise<void> {
    return this.#session.close()
  }

  /** What is to be known of a text before it is sent, and the prepared statement it has become. */
  #consider(text: string, params: readonly unknown[]): Prepared | undefined {
    const seen = this.#statements.seen(text) ?? this.#statements.see(text, inspect(text))
    // What is heeded is so each time: only what says nothing of its session is prepared.
    if (this.#heed(text, seen.facts, params) || this.#node.isPooler) return undefined
    return this.#statements.use(text, seen)
  }

  /** Whether there was something to heed. */
  #heed(text: string, { setsLimit, sessionChange }: TextFacts, params: readonly unknown[]): boolean {
    const changes = sessionChange !== undefined && isChanged(sessionChange, params)
    if (changes && sessionChange !== 'perhaps' && this.#node.isPooler) throw new PoolerSessionError(text)
    if (changes) this.#changed = true
    // A session that is changed ends with its loan, and the limit with it.
    if (setsLimit) this.#session.leaveLimitToServer(changes ? 'connection' : 'transaction')
    return setsLimit || sessionChange !== undefined
  }

  async #send(sending: Sending, prepared: Prepared | undefined, signal: AbortSignal | undefined): Promise<Query> {
    try {
      return await this.#attempt(sending, prepared, signal)
    } catch (error) {
      if (!prepared) throw error
      return this.#recover(error, sending, prepared, signal)
    }
  }

  async #attempt({ text, values, rowMode }: Sending, prepared: Prepared | undefined, signal: AbortSignal | undefined): Promise<Query> {
    // Before the names to close are taken: they must not be lost with a query that is not sent.
    signal?.throwIfAborted()
    const query = new Query({
      name: prepared?.name ?? '',
      text: prepared?.parsed ? undefined : text,
      values,
      rowMode,
      shape: prepared?.shape,
      forget: this.#statements.takeForgotten(),
    })
    await this.#run(query, text, { signal })
    if (prepared) {
      prepared.parsed = true
      prepared.shape = query.shape ?? noColumns
    }
    return query
  }

  /** Two failures are of the prepared statement and not of what it does: nothing ran, and it can be sent again as it is. */
  async #recover(error: unknown, sending: Sending, prepared: Prepared, signal: AbortSignal | undefined): Promise<Query> {
    if (isLostStatement(error, prepared)) {
      this.#stopPreparing()
      if (this.transactionStatus !== 'idle')
        throw new errors.QueryFailed(otherServer, { cause: error, statement: sending.text, retryable: true })
      return this.#attempt(sending, undefined, signal)
    }
    const outdated = isOutdatedPlan(error)
    if (outdated || !prepared.parsed) this.#statements.drop(prepared)
    if (!outdated) throw error
    if (this.transactionStatus !== 'idle') throw new errors.SchemaChanged({ cause: error, statement: sending.text })
    return this.#attempt(sending, this.#statements.prepared(sending.text), signal)
  }

  #stopPreparing(): void {
    this.#statements.clear()
    this.#node.notePooler('does not know a statement that was prepared on this connection')
  }

  async #endStream(stream: OpenStream): Promise<void> {
    const { text, own } = stream
    // One that could not begin beside another one has no portal.
    if (this.#stream === stream) this.#stream = undefined
    if (own) await this.#leaveStream()
    else if (this.transactionStatus === 'open') await this.#run(new ClosePortal(streamPage.portal), text)
  }

  /** A stream has read what it wanted: how its transaction ends makes no difference, only that it does. */
  async #leaveStream(): Promise<void> {
    if (this.transactionStatus !== 'idle') await this.#end('rollback')
  }

  /** A portal ends with its transaction. */
  #leaveBehind(): void {
    if (this.#stream) this.#stream.isLeft = true
    this.#stream = undefined
  }

  async #end(text: 'commit' | 'rollback'): Promise<string> {
    try {
      return await this.#control(text)
    } finally {
      if (this.transactionStatus === 'idle') {
        this.#readOnly = false
        this.#leaveBehind()
      }
    }
  }

  async #control(text: string, signal?: AbortSignal): Promise<string> {
    const command = new Command(text)
    await this.#run(command, text, { signal })
    return command.tag
  }

  async #run(exchange: Exchange, text: string, options?: ExchangeOptions): Promise<void> {
    try {
      await this.#session.run(exchange, options)
    } catch (error) {
      if (options?.signal?.aborted && error === options.signal.reason) throw error
      throw await this.#told(mapError(error, { statement: text, readOnly: this.#readOnly }), options?.signal)
    }
  }

  /** A violation with what the server did not tell. A transaction that failed answers nothing; nor is a look that fails of interest. */
  async #told(error: errors.DatabaseError, signal: AbortSignal | undefined): Promise<errors.DatabaseError> {
    const query = columnsQuery(error)
    if (!query || this.transactionStatus !== 'idle' || !this.#session.isOpen || signal?.aborted) return error
    try {
      await this.#session.run(query, { signal })
      return withColumns(error as errors.ForeignKeyViolation, query)
    } catch {
      return error
    }
  }
}

function inspect(text: string): TextFacts {
  assertSendable(text)
  refuseTransactionControl(text)
  return factsOf(text)
}

function factsOf(text: string): TextFacts {
  return { setsLimit: setsLimit(text), sessionChange: sessionChangeOf(text) }
}

function assertSendable(text: string): void {
  if (text.includes('\0')) throw new errors.QueryFailed('it holds a NUL character, which ends a text in the protocol')
}

function localTimeouts({ statementTimeout, lockTimeout, idleInTransactionTimeout }: ResolvedSession): string {
  return [
    `set local statement_timeout = ${statementTimeout}`,
    `set local lock_timeout = ${lockTimeout}`,
    `set local idle_in_transaction_session_timeout = ${idleInTransactionTimeout}`,
  ].join('; ')
}

/** 0A000 is said of much that is not supported; this one the server says when it looks at a plan again. */
function isOutdatedPlan(error: unknown): boolean {
  return causeOf(error)['code'] === '0A000' && causeOf(error)['routine'] === 'RevalidateCachedQuery'
}

/** The name is unknown, or taken: behind a pooler the server is another one now. */
function isLostStatement(error: unknown, { name }: Prepared): boolean {
  const { cause } = error as Error
  const state = sqlStateOf(cause)
  return (state === '26000' || state === '42P05') && String((cause as Error).message).includes(name)
}

function causeOf(error: unknown): Readonly<Record<string, unknown>> {
  return ((error as Error).cause ?? {}) as Readonly<Record<string, unknown>>
}
