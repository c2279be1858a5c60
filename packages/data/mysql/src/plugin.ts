import { connectionPlugin, resolveConnectionOptions, tlsFindings, type ConnectionPlugin } from '@covet/db'
import { createMysqlDriver } from './driver.ts'
import { resolveMysqlOptions, type MysqlOptions } from './options.ts'

/**
 * A database on MariaDB or MySQL: a plugin that provides `Database` when alone in `plugins`, a connection of `db({ … })`
 * and `createDb`.
 * @throws {InvalidMysqlOptionError}
 */
export function mysql(options: MysqlOptions): ConnectionPlugin {
  const connectionOptions = resolveConnectionOptions(options)
  const resolved = resolveMysqlOptions(options)
  return connectionPlugin('@covet/mysql', {
    driver: createMysqlDriver(resolved, connectionOptions.pool),
    options: connectionOptions,
    findings: tlsFindings('mysql', [resolved.primary, ...resolved.replicas], ({ tls }) => tls?.ssl.rejectUnauthorized === false),
  })
}
