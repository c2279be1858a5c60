import type { ServiceDefinition } from './definition.ts'
import { postgres } from './postgres.ts'

/** In transaction mode: a client has a server for one transaction, and the next time maybe another. */
export const pgbouncer: ServiceDefinition = {
  name: 'pgbouncer',
  title: 'PgBouncer',
  version: [1, 15],
  environment: ['PGBOUNCER_URL'],
  binaries: ['pgbouncer', 'psql'],
  folders: ['/usr/sbin', ...postgres.folders],
  packages: {
    'apt-get': 'pgbouncer postgresql-client',
    brew: 'pgbouncer postgresql@15',
    dnf: 'pgbouncer postgresql',
    apk: 'pgbouncer postgresql15-client',
    pacman: 'pgbouncer postgresql',
  },
  upstream: 'postgres',
  client: 'psql',
  // At once, in all versions: what SIGTERM means has changed.
  stopSignal: 'SIGQUIT',

  async command({ binary, folder, port, password, upstream = '', write }) {
    const { hostname, port: upstreamPort, username, password: upstreamPassword } = new URL(upstream)
    const account = [`user=${decodeURIComponent(username)}`, `password=${decodeURIComponent(upstreamPassword)}`]
    const users = write('users', `"covet" "${password}"\n`)
    const settings = [
      '[databases]',
      `* = host=${hostname} port=${upstreamPort || 5432} ${account.join(' ')}`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'auth_type = scram-sha-256',
      `auth_file = ${users}`,
      'pool_mode = transaction',
      'default_pool_size = 20',
      'max_client_conn = 500',
      `pidfile = ${folder}/pgbouncer.pid`,
    ]
    return [binary('pgbouncer'), write('pgbouncer.ini', `${settings.join('\n')}\n`)]
  },

  url: postgres.url,
  ask: postgres.ask,
  open: postgres.open,
}
