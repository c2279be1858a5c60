import type { Driver, DriverNode } from '@covet/db'
import { PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely'
import { introspectPostgres } from './introspect/introspect.ts'
import { NodeFacts } from './node-facts.ts'
import { openConnection } from './open.ts'
import type { ResolvedPostgresOptions, ResolvedServer, ResolvedSession } from './options.ts'

const explainable = /^[\s(]*(?:select|with|values|table|insert|update|delete|merge)\b/i

/** Connections that are all alike, `max` of them to each server. */
export function createPostgresDriver({ servers, session }: ResolvedPostgresOptions, max: number): Driver {
  const [primary, ...replicas] = servers
  return {
    dialect: 'postgres',
    limits: { writer: max, reader: 0, stream: 0 },
    streamRole: 'writer',
    defaultIsolation: 'read committed',
    healthQuery: 'select 1',
    nodes: [nodeOf(primary, session), ...replicas.map((replica) => nodeOf(replica, session))],
    placeholder: (position) => `$${position}`,
    quoteIdentifier: (name) => `"${name.replaceAll('"', '""')}"`,
    explain: (text, measuredBy) => (explainable.test(text) ? `explain ${measuredBy ? '(analyze, buffers) ' : ''}${text}` : undefined),
    kysely: {
      createAdapter: () => new PostgresAdapter(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
    introspect: introspectPostgres,
  }
}

function nodeOf(server: ResolvedServer, session: ResolvedSession): DriverNode {
  const node = new NodeFacts(server.name, session.prepare === 'never')
  return {
    name: server.name,
    role: server.role,
    weight: server.weight,
    connect: () => openConnection(server, session, node),
  }
}
