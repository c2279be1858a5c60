import { connectionPlugin, resolveConnectionOptions, tlsFindings, type ConnectionPlugin } from '@covet/db'
import { createPostgresDriver } from './driver.ts'
import { resolvePostgresOptions, type PostgresOptions } from './options.ts'

/**
 * A PostgreSQL database: a plugin that provides `Database` when alone in `plugins`, a connection of `db({ … })` and
 * `createDb`.
 * @throws {InvalidPostgresOptionError}
 */
export function postgres(options: PostgresOptions): ConnectionPlugin {
  const common = resolveConnectionOptions(options)
  const resolved = resolvePostgresOptions(options)
  return connectionPlugin('@covet/postgres', {
    driver: createPostgresDriver(resolved, common.pool.max),
    options: common,
    findings: tlsFindings('postgres', resolved.servers, ({ tls }) => tls !== false && tls.rejectUnauthorized === false),
  })
}
