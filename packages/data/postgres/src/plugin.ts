import { plugin, type Plugin } from '@covet/core'
import { createPostgres } from './postgres.ts'
import { resolvePostgresOptions, type PostgresOptions } from './options.ts'
import { PostgresToken } from './token.ts'

/** Provides `postgres`. */
export const postgres = (options: PostgresOptions = {}): Plugin<never, 'postgres'> => {
  const resolved = resolvePostgresOptions(options)
  return plugin({
    name: '@covet/postgres',
    provides: { postgres: PostgresToken },
    setup: () => ({ postgres: createPostgres(resolved) }),
  })
}
