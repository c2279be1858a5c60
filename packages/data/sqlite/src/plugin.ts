import { connectionPlugin, resolveConnectionOptions, type ConnectionPlugin } from '@covet/db'
import { createSqliteDriver } from './driver.ts'
import { resolveSqliteOptions, type SqliteOptions } from './options.ts'

/**
 * A SQLite database: a plugin that provides `Database` when alone in `plugins`, a connection of `db({ … })` and
 * `createDb`. The file is created when it is missing, its folder is not.
 */
export function sqlite(options: SqliteOptions): ConnectionPlugin {
  return connectionPlugin('@covet/sqlite', {
    driver: createSqliteDriver(resolveSqliteOptions(options)),
    options: resolveConnectionOptions(options),
  })
}
