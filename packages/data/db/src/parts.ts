import { Advice } from './advice.ts'
import type { Connection, Driver, Result, ServerInfo } from './driver.ts'
import { Events, type NodeEvent } from './events.ts'
import { toPromise, type MaybePromise } from './maybe-promise.ts'
import { Observer } from './observer.ts'
import type { ConnectionDefinition } from './options.ts'
import type { PoolEvents } from './pool/state.ts'
import { nobody } from './routing/call.ts'
import { Router } from './routing/router.ts'
import type { Runtime } from './runtime.ts'
import { SlowQueries } from './slow-queries.ts'
import { DatabaseNode } from './topology/node.ts'
import { Topology } from './topology/topology.ts'
import { Transactions } from './transactions.ts'

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
  readonly advice: Advice
  /** Opens what is to be open, and says what is wrong with the settings. */
  connect(server: () => MaybePromise<ServerInfo>): Promise<void>
}

export function createParts({ database, name, definition, runtime, isClosed }: PartsOptions): DatabaseParts {
  const { driver, options } = definition.connection
  const { dialect, nodes: configured } = driver
  const events = new Events()
  const advice = new Advice(name, driver)
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
      if (node.role === 'replica' && node.state === 'up') advice.onReplica()
      if (node === topology.primary && node.role === 'primary' && node.state === 'up') advice.onPrimary()
      events.emit('node', toEvent(name, node, topology))
    },
    conflict: (claiming) => advice.onConflict(claiming, topology.primary),
    outdated: (claiming) => advice.onOutdated(claiming, topology.primary),
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
    standingIn: () => advice.onStandingIn(),
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
    advice,
    async connect(server) {
      if (topology.several) await topology.rediscover()
      const { maxConnections } = await server()
      await topology.primary.writers.fill()
      if (maxConnections !== undefined) advice.onConnections(topology.primary, maxConnections)
    },
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
