import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeSqlite as plainDriver, NodeSqliteConnection } from '../../src/contract/node-sqlite.ts'
import { resolveConnectionOptions } from '../../src/index.ts'
import type { Connection, ConnectionDefinition, ConnectionOptions, Driver, MaybePromise, Role } from '../../src/index.ts'

/** Replaces calls of a connection; what a fault does not replace goes to the engine. */
export type Faults = Partial<Pick<Connection, 'begin' | 'close' | 'commit' | 'execute' | 'rollback' | 'rollbackTo' | 'stream'>>

export interface NodeSqliteOptions extends ConnectionOptions {
  limits?: Partial<Driver['limits']>
  /** Known to run in this process: no breaker, no ageing. @default false */
  embedded?: boolean
  /** Answers later, as a driver over a network does. */
  asynchronous?: boolean
  file?: string
  faults?: (role: Role) => Faults
  connecting?: (role: Role) => MaybePromise<void>
}

/** A real engine for the tests of `db`, which cannot use the packages that depend on it. */
export function nodeSqlite({
  limits = {},
  asynchronous = false,
  embedded = false,
  file = ':memory:',
  faults,
  connecting,
  ...options
}: NodeSqliteOptions = {}): ConnectionDefinition {
  async function connect(role: Role): Promise<Connection> {
    await connecting?.(role)
    const connection = new NodeSqliteConnection(file, role, asynchronous)
    return Object.assign(connection, faults?.(role))
  }

  const plain = plainDriver(file)
  const driver: Driver = {
    ...plain,
    embedded,
    ...(limits.stream !== 0 && limits.stream !== undefined && { streamRole: 'stream' as const }),
    limits: { ...plain.limits, ...limits },
    nodes: [{ ...plain.nodes[0], connect }],
  }
  return { connection: { driver, options: resolveConnectionOptions(options) } }
}

/** A file of its own with readers beside the writer. */
export function fileDatabase(options: NodeSqliteOptions = {}): { definition: ConnectionDefinition; remove: () => Promise<void> } {
  const folder = mkdtempSync(join(tmpdir(), 'covet-db-'))
  const definition = nodeSqlite({ limits: { reader: 2, stream: 1 }, file: join(folder, 'test.db'), ...options })
  return { definition, remove: async () => rmSync(folder, { recursive: true }) }
}
