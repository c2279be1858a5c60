import { plugin, type Plugin } from '@covet/core'
import { createMysql } from './mysql.ts'
import { resolveMysqlOptions, type MysqlOptions } from './options.ts'
import { MysqlToken } from './token.ts'

/** Provides `mysql`. */
export const mysql = (options: MysqlOptions = {}): Plugin<never, 'mysql'> => {
  const resolved = resolveMysqlOptions(options)
  return plugin({
    name: '@covet/mysql',
    provides: { mysql: MysqlToken },
    setup: () => ({ mysql: createMysql(resolved) }),
  })
}
