import type { Connection, Driver, Result, ServerInfo } from './driver.ts'
import { Events, type NodeEvent } from './events.ts'
import { toPromise, type MaybePromise } from './maybe-promise.ts'
import { Observer } from './observer.ts'
import type { ConnectionDefinition, TransactionOptions } from './options.ts'
import type { PoolEvents } from './pool/state.ts'
import { nobody } from './routing/call.ts'
import { Router } from './routing/router.ts'
import type { Runtime } from './runtime.ts'
import { SlowQueries } from './slow-queries.ts'
import { DatabaseNode } from './topology/node.ts'
import { Topology } from './topology/topology.ts'
import { Transactions } from './transactions.ts'
import { Warnings } from './warnings.ts'

export interface PartsOptions {
  readonly database: unknown
  readonly name: string
  readonly definition: ConnectionDefinition
  readonly runtime: Runtime
  readonly isClosed: () => boolean
}

/** What one database is made of. */
export interface DatabaseParts {
  readonly driver: Driver
  readonly reads: 'primary' | 'replica'
  readonly events: Events
  readonly observer: Observer
  readonly topology: Topology
  readonly router: Router
  readonly transactions: Transactions
  /** Opens what is to be open, and says what is wrong with the settings. */
  connect(server: () => MaybePromise<ServerInfo>): Promise<void>
  /** T7: a level at which conflicts are part of normal work. */
  adviseOnIsolation(options: TransactionOptions): void
  /** P4: a way out that may lead nowhere. */
  adviseOnDetached(): void
}

export function createParts({ database, name, definition, runtime, isClosed }: PartsOptions): DatabaseParts {
  const { driver, options } = definition.connection
  const { dialect, nodes: configured } = driver
  const events = new Events()
  const warnings = new Warnings()
  const [primary, ...others] = configured.map((config): DatabaseNode => {
    const breakerChanged: ConstructorParameters<typeof DatabaseNode>[1]['breakerChanged'] = (state, error) =>
      events.emit('breaker', { connection: name, node: config.name, state, ...(error !== undefined && { error }) })
    const poolEvents = poolEventsOf(name, config.name, events, (error) => observer.report('release', error))
    return new DatabaseNode(config, { driver, options, runtime, events: poolEvents, breakerChanged })
  })
  const topology = new Topology({
    nodes: [primary as DatabaseNode, ...others],
    driver,
    health: options.health,
    runtime,
    changed(node) {
      if (node.role === 'replica' && node.state === 'up') warnings.forget('no replica')
      events.emit('node', toEvent(name, node, topology))
    },
    conflict: (nodes) =>
      warnings.once(
        'two primaries',
        () =>
          `Connection '${name}': ${nodes.map((node) => node.name).join(' and ')} both say that they are the primary. Writes stay with ${topology.primary.name}; take the others out of service.`,
      ),
  })
  const slow = new SlowQueries({
    events,
    options: options.slowQuery,
    runtime,
    explain: (text, params) => explain(text, params),
    failed: (error) => observer.report('explain', error),
  })
  const observer = new Observer({ connection: name, dialect, events, slow, callSites: options.pool.callSites, runtime })
  const router = new Router({
    database,
    driver,
    options,
    topology,
    runtime,
    standingIn: () => warnings.once('no replica', () => `Connection '${name}': no replica can be read from, so the primary answers reads.`),
  })
  const transactions = new Transactions({
    router,
    observer,
    runtime,
    waitTimeout: options.pool.acquireTimeout,
    retrying: (attempt, delayMs, error) => events.emit('retry', { connection: name, attempt, delayMs, error }),
  })

  async function explain(text: string, params: readonly unknown[]): Promise<readonly unknown[] | undefined> {
    const statement = driver.explain?.(text)
    if (statement === undefined || isClosed()) return undefined
    const work = (connection: Connection): MaybePromise<Result<unknown>> => connection.execute({ text: statement, params })
    return (await toPromise(() => router.run({ caller: nobody(), text: statement, work }))).rows
  }

  return {
    driver,
    reads: options.reads,
    events,
    observer,
    topology,
    router,
    transactions,
    async connect(server) {
      if (topology.several) await topology.rediscover()
      const { maxConnections } = await server()
      await topology.primary.writers.fill()
      if (maxConnections !== undefined) adviseOnConnections(maxConnections)
    },
    adviseOnIsolation({ isolation, retry = 0 }) {
      if (isolation !== 'serializable' || retry > 0 || driver.defaultIsolation === 'serializable') return
      warnings.once(
        'serializable',
        () =>
          `Connection '${name}': a serializable transaction without \`retry\` fails whenever it meets another one. Give it \`retry: 3\`, or answer SerializationFailure yourself.`,
      )
    },
    adviseOnDetached() {
      const { max } = topology.primary.writers
      if (max === 1 || transactions.open < max) return
      warnings.once(
        'detached',
        () =>
          `Connection '${name}': db.detached was called with all ${max} connections held by transactions, which may be waiting for it. Raise \`pool.max\`, or use db.afterCommit.`,
      )
    },
  }

  /** Trap 18: every process has its own pool, the server counts them all. */
  function adviseOnConnections(limit: number): void {
    const processes = Math.max(1, Number(process.env['WEB_CONCURRENCY']) || 1)
    const own = topology.primary.pools.reduce((sum, { max }) => sum + max, driver.embedded === true ? 0 : 1)
    if (own * processes <= limit) return
    warnings.once(
      'connections',
      () =>
        `Connection '${name}': ${processes} processes with up to ${own} connections each may want ${own * processes}, but the server takes ${limit}. Lower \`pool.max\`, or raise the server's limit.`,
    )
  }
}

function toEvent(connection: string, node: DatabaseNode, topology: Topology): NodeEvent {
  const { name, role, state, lagMs, error } = node
  return {
    connection,
    node: name,
    role,
    state,
    primary: topology.primary === node,
    ...(lagMs !== undefined && { lagMs }),
    ...(error !== undefined && { error }),
  }
}

function poolEventsOf(connection: string, node: string, events: Events, failed: (error: unknown) => void): PoolEvents {
  return {
    get listening() {
      return events.has('acquire')
    },
    acquired: (role, waitMs) => events.emit('acquire', { connection, node, role, waitMs }),
    leaked: (role, heldMs, stack) => events.emit('leak', { connection, node, role, heldMs, ...(stack !== undefined && { stack }) }),
    failed,
  }
}
