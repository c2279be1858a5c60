import { execFileSync } from 'node:child_process'
import type { CleanSpace, ServiceName } from '../../services/definition.ts'
import { converse } from '../../services/line-protocol.ts'

/** How a test leaves a mark in a space, and looks for it. */
export interface Probe {
  mark(space: CleanSpace): Promise<void>
  sees(space: CleanSpace): Promise<boolean>
}

const table: Probe = {
  mark: async ({ url }) => void psql(url, 'create table mark (id int)'),
  sees: async ({ url }) => psql(url, `select to_regclass('mark')`).trim() === 'mark',
}

export const probes: Record<ServiceName, Probe> = {
  postgres: table,
  pgbouncer: table,
  mariadb: {
    mark: async ({ url }) => void mariadb(url, 'create table mark (id int)'),
    sees: async ({ url }) => mariadb(url, `show tables like 'mark'`).trim() === 'mark',
  },
  redis: {
    mark: async ({ url }) => void (await redis(url, 'SET mark 1')),
    sees: async ({ url }) => (await redis(url, 'EXISTS mark')) === ':1',
  },
  memcached: {
    mark: async ({ url, name }) => void (await converse(url, 11211, ({ ask }) => ask(`set ${name}:mark 0 60 1\r\n1`))),
    sees: async ({ url, name }) => (await converse(url, 11211, ({ ask }) => ask(`get ${name}:mark`))) !== 'END',
  },
}

function psql(url: string, sql: string): string {
  return execFileSync('psql', ['-X', '-A', '-t', '-c', sql, url], { encoding: 'utf8' })
}

function mariadb(url: string, sql: string): string {
  const { port, username, password, pathname } = new URL(url)
  const args = [
    '--no-defaults',
    '--protocol=tcp',
    '--host=127.0.0.1',
    `--port=${port}`,
    `--user=${username}`,
    '-N',
    '-B',
    '-e',
    sql,
    pathname.slice(1),
  ]
  return execFileSync('mariadb', args, { encoding: 'utf8', env: { ...process.env, MYSQL_PWD: password } })
}

function redis(url: string, command: string): Promise<string> {
  const { password, pathname } = new URL(url)
  return converse(url, 6379, async ({ ask }) => {
    await ask(`AUTH ${password}`)
    await ask(`SELECT ${pathname.slice(1)}`)
    return ask(command)
  })
}
