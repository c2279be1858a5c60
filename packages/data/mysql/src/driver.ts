import type { Driver, DriverNode, NodeRole, ResolvedConnectionOptions, ServerInfo } from '@covet/db'
import { MysqlAdapter, MysqlIntrospector, MysqlQueryCompiler } from 'kysely'
import { introspectMysql } from './introspect/introspect.ts'
import { openConnection } from './open.ts'
import type { ResolvedMysqlOptions, Target } from './options.ts'
import { StatementTexts } from './statement-texts.ts'

const explained: ReadonlySet<string> = new Set(['select', 'insert', 'update', 'delete', 'replace', 'with', 'values'])

/** Connections that are all alike, to the primary and to those that follow it. */
export function createMysqlDriver(options: ResolvedMysqlOptions, { max }: ResolvedConnectionOptions['pool']): Driver {
  const texts = new StatementTexts()

  function node(target: Target, role: NodeRole, weight: number): DriverNode {
    return { name: target.name, role, weight, connect: () => openConnection(target, options, texts) }
  }

  return {
    dialect: 'mysql',
    limits: { writer: max, reader: 0, stream: 0 },
    streamRole: 'writer',
    defaultIsolation: 'repeatable read',
    healthQuery: 'select 1',
    explain: (text, measuredBy) => (explained.has(texts.factsOf(text).verb) ? `${explainVerb(measuredBy)} ${text}` : undefined),
    nodes: [node(options.primary, 'primary', 1), ...options.replicas.map((replica) => node(replica, 'replica', replica.weight))],
    placeholder: () => '?',
    quoteIdentifier: (name) => `\`${name.replaceAll('`', '``')}\``,
    kysely: {
      createAdapter: () => new MysqlAdapter(),
      createIntrospector: (db) => new MysqlIntrospector(db),
      createQueryCompiler: () => new MysqlQueryCompiler(),
    },
    introspect: introspectMysql,
  }
}

function explainVerb(measuredBy: ServerInfo | undefined): string {
  if (!measuredBy) return 'explain'
  return measuredBy.product === 'MariaDB' ? 'analyze format=json' : 'explain analyze'
}
