import type { CleanSpace, ServiceDefinition } from './definition.ts'
import { execute } from './command.ts'
import { uniqueName } from './name.ts'

export const mariadb: ServiceDefinition = {
  name: 'mariadb',
  title: 'MariaDB',
  version: [10, 11],
  environment: ['MARIADB_URL'],
  binaries: ['mariadbd', 'mariadb-install-db', 'mariadb'],
  folders: ['/usr/sbin', '/usr/libexec', '/usr/local/sbin', '/opt/homebrew/opt/mariadb*/bin', '/usr/local/opt/mariadb*/bin'],
  packages: {
    // The server and client without their daemon, its account and its configuration.
    'apt-get': 'mariadb-server-core mariadb-client-core',
    brew: 'mariadb@10.11',
    dnf: 'mariadb-server',
    apk: 'mariadb mariadb-client',
    pacman: 'mariadb',
  },
  client: 'mariadb',
  stopSignal: 'SIGTERM',

  async command({ binary, folder, port, password, prepare, write }) {
    const data = `${folder}/data`
    await prepare(binary('mariadb-install-db'), [
      '--no-defaults',
      `--datadir=${data}`,
      `--tmpdir=${folder}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
      '--skip-name-resolve',
    ])
    const accounts = write('accounts.sql', accountsSql(password))
    return [
      binary('mariadbd'),
      '--no-defaults',
      `--datadir=${data}`,
      `--tmpdir=${folder}`,
      `--init-file=${accounts}`,
      '--bind-address=127.0.0.1',
      `--port=${port}`,
      `--socket=${folder}/sock`,
      `--pid-file=${folder}/pid`,
      ...settings,
    ]
  },

  url: (port, password) => `mysql://covet:${password}@127.0.0.1:${port}/mysql`,

  async ask(url, client = 'mariadb') {
    await query(url, client, 'select 1')
  },

  async open(url, client = 'mariadb'): Promise<CleanSpace> {
    const name = uniqueName()
    await query(url, client, `create database ${name} character set utf8mb4`)
    const own = new URL(url)
    own.pathname = `/${name}`
    return { name, url: own.href, drop: () => query(url, client, `drop database if exists ${name}`) }
  },
}

// Nothing survives a crash of the machine with these: right for tests, wrong for anything else.
const settings = [
  '--skip-name-resolve',
  '--skip-log-bin',
  '--character-set-server=utf8mb4',
  '--default-time-zone=+00:00',
  '--innodb-flush-log-at-trx-commit=0',
  '--innodb-doublewrite=0',
  '--innodb-buffer-pool-size=64M',
  '--innodb-log-file-size=16M',
  '--max-connections=200',
]

/** The passwordless accounts of a fresh installation stay for the socket in the private folder only. */
function accountsSql(password: string): string {
  return [
    `delete from mysql.global_priv where Host <> 'localhost';`,
    `flush privileges;`,
    `create user covet@'127.0.0.1' identified by '${password}';`,
    `grant all on *.* to covet@'127.0.0.1' with grant option;`,
  ].join('\n')
}

/** The password travels in the environment: arguments show in the process list. */
async function query(url: string, client: string, sql: string): Promise<void> {
  const { hostname, port, username, password } = new URL(url)
  const connection = [`--host=${hostname}`, `--port=${port || '3306'}`, `--user=${decodeURIComponent(username)}`]
  await execute(client, ['--no-defaults', '--protocol=tcp', '--connect-timeout=5', ...connection, `--execute=${sql}`], {
    env: { ...process.env, MYSQL_PWD: decodeURIComponent(password) },
  })
}
