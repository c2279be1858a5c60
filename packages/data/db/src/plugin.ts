import { DeployFindings, HealthChecks, plugin, requestScope, type HealthCheck, type Plugin } from '@covet/core'
import type { FastifyBaseLogger } from 'fastify'
import { createDb } from './create-db.ts'
import { Database } from './database.ts'
import type { ConnectionDefinition, DatabaseOptions } from './options.ts'

/** What `sqlite({ … })` and its like return: a plugin when alone in `plugins`, a connection's definition in `db` and `createDb`. */
export type ConnectionPlugin = Plugin<never, 'database'> & ConnectionDefinition

/** Provides {@link Database} over several connections, closed with the application. */
export function db<const Names extends string>(options: DatabaseOptions<Names>): Plugin<never, 'database'> {
  return databasePlugin('@covet/db', options)
}

/** For an engine's package: its connection definition as a plugin that provides {@link Database} over this one. */
export function connectionPlugin(name: string, connection: ConnectionDefinition['connection']): ConnectionPlugin {
  return Object.assign(databasePlugin(name, { default: 'main', connections: { main: { connection } } }), { connection })
}

function databasePlugin(name: string, options: DatabaseOptions): Plugin<never, 'database'> {
  return plugin({
    name,
    provides: { database: Database },
    async setup(app) {
      const database = createDb(options)
      const connections = Object.entries(options.connections)
      if (connections.some(([, { connection }]) => mindsRequests(connection))) requestScope.enter(app)
      for (const [name, { connection }] of connections) {
        app.services.add(HealthChecks, healthCheck(database.connection(name)))
        const { findings = [] } = connection
        if (findings.length > 0) app.services.add(DeployFindings, () => findings)
        logTroubles(database.connection(name), app.log, connection.options.slowQuery !== undefined)
      }
      await connected(database, app.log)
      return { database }
    },
  })
}

/** What was opened already is closed when the rest cannot be: nobody else will. */
async function connected(database: Database, log: FastifyBaseLogger): Promise<void> {
  try {
    await database.connect()
  } catch (error) {
    await database
      .close({ drain: 0 })
      .catch((failure: unknown) => log.error({ err: failure }, 'A database did not close after it failed to open.'))
    throw error
  }
}

/** Whether it matters to a connection what else a request did: what it wrote, or how much of the pool it has. */
function mindsRequests({ driver, options }: ConnectionDefinition['connection']): boolean {
  return driver.nodes.length > 1 || options.pool.perScope !== Infinity
}

/** Replicas that are down are stood in for; the application is unwell without its primary. */
function healthCheck(database: Database): HealthCheck {
  return {
    name: `database ${database.name}`,
    async check(signal) {
      const nodes = await database.health({ signal })
      for (const { connection, primary, state, error } of nodes)
        if (connection === database.name && primary && state === 'down') throw error
    },
  }
}

function logTroubles(database: Database, log: FastifyBaseLogger, logSlow: boolean): void {
  database.on('failure', ({ error, ...facts }) => {
    log.error({ err: error, ...facts }, 'A database operation failed after its caller had been answered.')
  })
  database.on('leak', (facts) => log.error(facts, 'A connection came back with a transaction open, which was rolled back.'))
  database.on('node', ({ error, ...facts }) => {
    log[facts.state === 'up' ? 'info' : 'warn']({ ...(error !== undefined && { err: error }), ...facts }, 'A database node changed.')
  })
  database.on('breaker', ({ error, ...facts }) => {
    log[facts.state === 'open' ? 'error' : 'info'](
      { ...(error !== undefined && { err: error }), ...facts },
      'The breaker of a database node changed.',
    )
  })
  if (!logSlow) return
  database.on('slow', ({ text, error, ...facts }) => {
    log.warn({ ...(error !== undefined && { err: error }), statement: text, ...facts }, 'Slow query.')
  })
}
