import type { Database } from './database.ts'
import { UnknownConnectionError } from './errors.ts'
import type { ConnectionDefinition, DatabaseOptions } from './options.ts'
import { PooledDatabase } from './pooled-database.ts'
import { type Runtime, systemRuntime } from './runtime.ts'

/**
 * Makes a database without a kernel: from one connection definition, named `main`, or from several. Opens nothing yet.
 * Whoever makes it closes it. `runtime` replaces time and chance in tests.
 * @throws {UnknownConnectionError} when `default` names no connection
 */
export function createDb<const Names extends string>(
  definition: ConnectionDefinition | DatabaseOptions<Names>,
  runtime: Partial<Runtime> = {},
): Database {
  const options: DatabaseOptions = 'connection' in definition ? { default: 'main', connections: { main: definition } } : definition
  const family = new Map<string, PooledDatabase>()
  for (const [name, connection] of Object.entries(options.connections))
    family.set(name, new PooledDatabase(name, connection, family, { ...systemRuntime, ...runtime }))
  const database = family.get(options.default)
  if (!database) throw new UnknownConnectionError(options.default, [...family.keys()])
  return database
}
