import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import { createDb, errors, resolveConnectionOptions } from '../../src/index.ts'
import type {
  Connection,
  ConnectionDefinition,
  ConnectionOptions,
  Database,
  Driver,
  NodeRole,
  Result,
  Runtime,
  Statement,
} from '../../src/index.ts'

interface Write {
  readonly text: string
  readonly params: readonly unknown[]
}

/** A server of the cluster: switchable in every way a real one surprises with. */
export class FakeNode {
  readonly name: string
  readonly configured: NodeRole
  readonly connections = new Set<FakeConnection>()
  role: NodeRole
  /** Nothing can be reached. */
  down = false
  /** It accepts connections and never answers. */
  hangs = false
  /** A replica that applies nothing. */
  paused = false
  lagMs = 0
  /** Until when it keeps to itself that it got to a position. */
  silentUntil: Promise<void> | undefined
  /** How often it was asked whether it got to a position. */
  compared = 0
  /** It accepts connections, and ends each as soon as something is asked on it. */
  loses = false
  /** A statement that only the primary can run, for what it calls. */
  refuses: string | undefined
  answers: string | undefined
  /** So many connections are not opened from here on. */
  refusesToOpen = 0
  weight = 1
  /** Statements that arrived, those of probes left out. */
  readonly seen: string[] = []
  opened = 0
  attempts = 0
  /** How often it was asked for its role. */
  checks = 0
  /** How often it was asked for its position. */
  located = 0
  maxConnections: number | undefined
  readonly #cluster: Cluster
  readonly #db = new DatabaseSync(':memory:')
  #applied = 0

  constructor(cluster: Cluster, name: string, role: NodeRole) {
    this.#cluster = cluster
    this.name = name
    this.configured = role
    this.role = role
  }

  get applied(): number {
    return this.#applied
  }

  connect(): Connection {
    this.attempts += 1
    if (this.down || this.refusesToOpen-- > 0) throw new errors.ConnectionFailedError(`${this.name} refused the connection`)
    this.opened += 1
    const connection = new FakeConnection(this, this.#cluster)
    this.connections.add(connection)
    return connection
  }

  /** What was committed elsewhere and has arrived. */
  catchUp(): void {
    if (this.paused) return
    for (const { text, params } of this.#cluster.log.slice(this.#applied)) this.run({ text, params })
    this.#applied = this.#cluster.log.length
  }

  run({ text, params }: Statement): Result<unknown> {
    const statement = this.#db.prepare(text)
    const values = params as SQLInputValue[]
    if (statement.columns().length > 0) return { rows: statement.all(...values).map((row) => ({ ...row })), changes: 0 }
    return { rows: [], changes: Number(statement.run(...values).changes) }
  }

  raw(text: string): void {
    this.#db.exec(text)
  }

  /** Ends its connections, as an administrator does; `silent`: nobody hears of it before the next use. */
  kill({ silent = false }: { silent?: boolean } = {}): void {
    for (const connection of this.connections) connection.end(silent)
  }

  applyOwn(): void {
    this.#applied = this.#cluster.log.length
  }
}

/** Several databases of node:sqlite that follow the log of whichever is written to. */
export class Cluster {
  readonly log: Write[] = []
  readonly nodes: FakeNode[]

  constructor(...roles: NodeRole[]) {
    this.nodes = roles.map((role, index) => new FakeNode(this, `node${index}`, role))
  }

  definition(options: ConnectionOptions = {}): ConnectionDefinition {
    const resolved = resolveConnectionOptions(options)
    const [first, ...others] = this.nodes.map((node) => ({
      name: node.name,
      role: node.configured,
      get weight() {
        return node.weight
      },
      connect: async () => {
        await turn()
        return node.connect()
      },
    }))
    if (first === undefined) throw new Error('A cluster has a node.')
    const driver: Driver = {
      dialect: 'fake',
      limits: { writer: resolved.pool.max, reader: 0, stream: 0 },
      streamRole: 'writer',
      defaultIsolation: 'read committed',
      healthQuery: 'select 1',
      nodes: [first, ...others],
      explain: (text) => (text.startsWith('select') ? `explain query plan ${text}` : undefined),
      placeholder: () => '?',
      quoteIdentifier: (name) => `"${name}"`,
      kysely: {
        createAdapter: () => new SqliteAdapter(),
        createIntrospector: (db) => new SqliteIntrospector(db),
        createQueryCompiler: () => new SqliteQueryCompiler(),
      },
    }
    return { connection: { driver, options: resolved } }
  }

  /** The promoted one takes the writes from here on, the others follow it. */
  promote(node: FakeNode): void {
    for (const other of this.nodes) other.role = other === node ? 'primary' : 'replica'
    node.paused = false
    node.catchUp()
  }
}

class FakeConnection implements Connection {
  readonly replication: NonNullable<Connection['replication']>
  readonly #node: FakeNode
  readonly #cluster: Cluster
  readonly #listeners: ((error: unknown) => void)[] = []
  #pending: Write[] | undefined
  #dead = false
  #known = true

  constructor(node: FakeNode, cluster: Cluster) {
    this.#node = node
    this.#cluster = cluster
    this.replication = {
      status: async (signal) => {
        node.checks += 1
        await this.#answer(signal)
        return { role: node.role, ...(node.role === 'replica' && { lagMs: node.lagMs }) }
      },
      position: async () => {
        node.located += 1
        await this.#answer()
        return String(cluster.log.length)
      },
      reached: async (position, timeoutMs) => {
        await this.#answer()
        if (!/^\d+$/.test(position)) throw new errors.QueryFailed('invalid position')
        node.catchUp()
        if (node.applied < Number(position)) await pause(Math.min(timeoutMs, 5))
        const isThere = node.applied >= Number(position)
        node.compared += 1
        await node.silentUntil
        return isThere
      },
    }
  }

  get server(): Connection['server'] {
    const { maxConnections } = this.#node
    return { product: 'Fake', version: [1, 2, 3], ...(maxConnections !== undefined && { maxConnections }) }
  }

  get isOpen(): boolean {
    return this.#known
  }

  get transactionStatus(): 'idle' | 'open' {
    return this.#pending ? 'open' : 'idle'
  }

  onLost(listener: (error: unknown) => void): void {
    this.#listeners.push(listener)
  }

  end(silent: boolean): void {
    this.#dead = true
    this.#node.connections.delete(this)
    if (silent) return
    this.#known = false
    for (const listener of this.#listeners) listener(new errors.ConnectionLost())
  }

  async execute(statement: Statement, signal?: AbortSignal): Promise<Result<unknown>> {
    this.#node.seen.push(statement.text)
    await this.#answer(signal)
    return this.#run(statement)
  }

  isReadOnly(text: string): boolean {
    return /^(select|explain)/.test(text)
  }

  async *stream(statement: Statement): AsyncGenerator<unknown> {
    yield* (await this.execute(statement)).rows
  }

  async script(text: string): Promise<void> {
    await this.#answer()
    for (const part of text.split(';')) if (part.trim() !== '') this.#run({ text: part, params: [] })
  }

  async begin(): Promise<void> {
    await this.#answer()
    this.#pending = []
  }

  async commit(): Promise<boolean> {
    await this.#answer()
    if (this.#node.refuses === 'commit') throw new errors.ReadOnlyNode()
    const writes = this.#pending ?? []
    this.#pending = undefined
    this.#cluster.log.push(...writes)
    for (const write of writes) this.#node.run(write)
    if (writes.length > 0) this.#node.applyOwn()
    return true
  }

  async rollback(): Promise<void> {
    await this.#answer()
    this.#pending = undefined
  }

  async savepoint(): Promise<void> {
    await this.#answer()
  }

  async rollbackTo(): Promise<void> {
    await this.#answer()
  }

  async release(): Promise<void> {
    await this.#answer()
  }

  close(): void {
    this.#dead = true
    this.#known = false
    this.#node.connections.delete(this)
  }

  #run(statement: Statement): Result<unknown> {
    if (statement.text === this.#node.refuses) throw new errors.ReadOnlyNode()
    if (statement.text === this.#node.answers) return { rows: [{ value: 1 }], changes: 0 }
    if (this.isReadOnly(statement.text)) {
      this.#node.catchUp()
      return this.#node.run(statement)
    }
    if (this.#node.role === 'replica') throw new errors.ReadOnlyNode()
    if (this.#pending) {
      this.#pending.push(statement)
      return { rows: [], changes: 1 }
    }
    try {
      const result = this.#node.run(statement)
      this.#cluster.log.push(statement)
      this.#node.applyOwn()
      return result
    } catch (error) {
      const { message } = error as Error
      throw /UNIQUE/.test(message) ? new errors.UniqueViolation({ cause: error }) : new errors.QueryFailed(message, { cause: error })
    }
  }

  async #answer(signal?: AbortSignal): Promise<void> {
    await turn()
    if (this.#node.hangs) await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)))
    if (!this.#dead && !this.#node.down && !this.#node.loses) return
    this.end(false)
    throw new errors.ConnectionLost()
  }
}

/** A clock that stands still until it is told otherwise, and chance that always falls the same. */
export function stillRuntime(): { runtime: Partial<Runtime>; advance: (ms: number) => void } {
  let now = 1_000
  return {
    runtime: { now: () => now, random: () => 0, sleep: async () => undefined },
    advance: (ms) => {
      now += ms
    },
  }
}

/** A database over the cluster with a table of notes. */
export async function clusterDb(cluster: Cluster, options: ConnectionOptions = {}, runtime: Partial<Runtime> = {}): Promise<Database> {
  const db = createDb(cluster.definition({ health: { every: '1h' }, ...options }), runtime)
  await db.connect()
  await db.script('create table notes (id integer primary key, body text not null unique)')
  for (const node of cluster.nodes) {
    node.catchUp()
    node.seen.length = 0
  }
  return db
}

/** The first of its nodes; there are as many as it was made with. */
export function nodesOf(cluster: Cluster): [FakeNode, FakeNode, FakeNode] {
  return cluster.nodes as [FakeNode, FakeNode, FakeNode]
}
