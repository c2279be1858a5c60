import type { Connection, Driver, Role } from '@covet/db'
import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import { introspectSqlite } from './introspect/introspect.ts'
import { openConnection } from './open.ts'
import type { ResolvedSqliteOptions } from './options.ts'
import { ReadLock } from './read-lock.ts'
import { ThreadConnection } from './thread/connection.ts'

/** kysely would queue every query behind one lock; here the database decides on connections. */
class PooledSqliteAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true
  }
}

/**
 * One writer, some readers and one connection for streams over a file. A database in memory exists in one connection
 * only, so everything takes its turn there.
 */
export function createSqliteDriver(options: ResolvedSqliteOptions): Driver {
  let prepared = options.inMemory
  const readLock = options.inMemory ? undefined : new ReadLock(options.file)

  async function connect(role: Role): Promise<Connection> {
    // A connection that only reads can neither create the file nor turn its journal to WAL.
    if (role !== 'writer' && !prepared) (await openConnection(options, 'writer')).close()
    const connection = await (options.worker ? ThreadConnection.open(options, role) : openConnection(options, role, readLock))
    prepared = true
    return connection
  }

  return {
    dialect: 'sqlite',
    embedded: true,
    limits: options.inMemory ? { writer: 1, reader: 0, stream: 0 } : { writer: 1, reader: options.readers, stream: 1 },
    ...(!options.inMemory && { streamRole: 'stream' as const }),
    defaultIsolation: 'serializable',
    healthQuery: 'select count(*) from sqlite_schema',
    explain: (text, measuredBy) => (measuredBy ? undefined : `explain query plan ${text}`),
    nodes: [{ name: options.file, role: 'primary', weight: 1, connect }],
    placeholder: () => '?',
    quoteIdentifier: (name) => `"${name.replaceAll('"', '""')}"`,
    kysely: {
      createAdapter: () => new PooledSqliteAdapter(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
    introspect: introspectSqlite,
  }
}
