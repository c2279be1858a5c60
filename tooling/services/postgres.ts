import type { CleanSpace, ServiceDefinition } from './definition.ts'
import { execute } from './command.ts'
import { uniqueName } from './name.ts'

export const postgres: ServiceDefinition = {
  name: 'postgres',
  title: 'PostgreSQL',
  version: [15, 0],
  environment: ['POSTGRES_URL'],
  binaries: ['postgres', 'initdb', 'psql'],
  folders: [
    '/usr/lib/postgresql/*/bin',
    '/usr/pgsql-*/bin',
    '/opt/homebrew/opt/postgresql@*/bin',
    '/usr/local/opt/postgresql@*/bin',
    '/Applications/Postgres.app/Contents/Versions/*/bin',
  ],
  packages: {
    // The distribution's own version: 15 on Debian 12.
    'apt-get': 'postgresql',
    brew: 'postgresql@15',
    dnf: 'postgresql-server postgresql-contrib',
    apk: 'postgresql15',
    pacman: 'postgresql',
  },
  client: 'psql',
  // "Fast": without a wait for clients, with a checkpoint that costs nothing without fsync.
  stopSignal: 'SIGINT',

  async command({ binary, folder, port, password, prepare, write }) {
    const data = `${folder}/data`
    const passwordFile = write('password', password)
    await prepare(binary('initdb'), [
      `--pgdata=${data}`,
      '--username=covet',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--no-sync',
    ])
    return [
      binary('postgres'),
      '-D',
      data,
      '-p',
      String(port),
      ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
    ]
  },

  url: (port, password) => `postgres://covet:${password}@127.0.0.1:${port}/postgres`,

  async ask(url, client = 'psql') {
    await query(url, client, 'select 1')
  },

  async open(url, client = 'psql'): Promise<CleanSpace> {
    const name = uniqueName()
    await query(url, client, `create database ${name} template template0`)
    const own = new URL(url)
    own.pathname = `/${name}`
    return { name, url: own.href, drop: () => query(url, client, `drop database if exists ${name} with (force)`) }
  },
}

// Nothing survives a crash of the machine with these: right for tests, wrong for anything else.
const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
  shared_buffers: '64MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
}

/** The password travels in the environment: arguments show in the process list. */
async function query(url: string, client: string, sql: string): Promise<void> {
  const { password, href } = withoutPassword(url)
  await execute(client, ['--no-psqlrc', '--quiet', '--no-password', '--set=ON_ERROR_STOP=1', `--command=${sql}`, href], {
    env: { ...process.env, PGPASSWORD: password, PGCONNECT_TIMEOUT: '5' },
  })
}

function withoutPassword(url: string): { password: string; href: string } {
  const parsed = new URL(url)
  const password = decodeURIComponent(parsed.password)
  parsed.password = ''
  return { password, href: parsed.href }
}
