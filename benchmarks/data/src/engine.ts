import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ConnectionOptions, createDb, type Database } from '@covet/db'
import { mysql } from '@covet/mysql'
import { postgres } from '@covet/postgres'
import { sqlite } from '@covet/sqlite'
import { service } from '@covet-workspace/tooling/services'

export const engines = ['sqlite', 'postgres', 'mariadb'] as const
export type Engine = (typeof engines)[number]
export const servers: readonly Engine[] = ['postgres', 'mariadb']

export const titles: Readonly<Record<Engine, string>> = { sqlite: 'SQLite', postgres: 'PostgreSQL', mariadb: 'MariaDB' }

/** An empty database: `url` is the path of a file (SQLite) or a server's URL. */
export interface Space extends AsyncDisposable {
  readonly url: string
}

export async function openSpace(engine: Engine): Promise<Space> {
  if (engine === 'sqlite') return temporaryFile()
  const { url, drop } = await service(engine)
  return { url, [Symbol.asyncDispose]: drop }
}

async function temporaryFile(): Promise<Space> {
  const folder = await mkdtemp(join(tmpdir(), 'covet-figures-'))
  return { url: join(folder, 'figures.db'), [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) }
}

const definitions = {
  sqlite: (url: string, options: ConnectionOptions) => sqlite({ file: url, durability: 'normal', ...options }),
  postgres: (url: string, options: ConnectionOptions) => postgres({ url, ...options }),
  mariadb: (url: string, options: ConnectionOptions) => mysql({ url, ...options }),
} as const

export function connect(engine: Engine, url: string, options: ConnectionOptions = {}): Database {
  return createDb(definitions[engine](url, options))
}

/** A query that takes so many seconds on a server. */
export function sleeping(engine: Engine, seconds: number): string {
  return engine === 'postgres' ? `select pg_sleep(${seconds})` : `select sleep(${seconds})`
}
