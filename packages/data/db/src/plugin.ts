import { HealthChecks, plugin, type HealthCheck, type Plugin } from '@covet/core'
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
      await database.connect()
      for (const connection of Object.keys(options.connections)) {
        app.services.add(HealthChecks, healthCheck(database.connection(connection)))
        logTroubles(database.connection(connection), app.log, options.connections[connection]?.connection.options.slowQuery !== undefined)
      }
      return { database }
    },
  })
}

function healthCheck(database: Database): HealthCheck {
  return {
    name: `database ${database.name}`,
    async check(signal) {
      const nodes = await database.health({ signal })
      for (const { connection, state, error } of nodes) if (connection === database.name && state === 'down') throw error
    },
  }
}

function logTroubles(database: Database, log: FastifyBaseLogger, logSlow: boolean): void {
  database.on('failure', ({ connection, operation, error }) => {
    log.error({ err: error, connection, operation }, 'A database operation failed after its caller had been answered.')
  })
  if (!logSlow) return
  database.on('slow', ({ connection, text, waitMs, runMs, rows, changes }) => {
    log.warn({ connection, statement: text, waitMs, runMs, rows, changes }, 'Slow query.')
  })
}
