import { randomInt } from 'node:crypto'
import type { CleanSpace, ServiceDefinition } from './definition.ts'
import { converse, type LineConnection } from './line-protocol.ts'
import { uniqueName } from './name.ts'

const privateDatabases = 1024
const leaseSeconds = 24 * 60 * 60

export const redis: ServiceDefinition = {
  name: 'redis',
  title: 'Redis',
  version: [7, 0],
  environment: ['REDIS_URL'],
  binaries: ['redis-server'],
  folders: ['/opt/homebrew/bin', '/opt/homebrew/opt/redis/bin', '/usr/local/opt/redis/bin'],
  packages: { 'apt-get': 'redis-server', brew: 'redis', dnf: 'redis', apk: 'redis', pacman: 'redis' },
  stopSignal: 'SIGTERM',

  async command({ binary, folder, port, password, write }) {
    const settings = [
      'bind 127.0.0.1',
      `port ${port}`,
      `dir ${folder}`,
      `requirepass ${password}`,
      `databases ${privateDatabases}`,
      'save ""',
      'appendonly no',
    ]
    return [binary('redis-server'), write('redis.conf', settings.join('\n'))]
  },

  url: (port, password) => `redis://:${password}@127.0.0.1:${port}`,

  async ask(url) {
    await inDatabase(url, 0, (connection) => expectAnswer(connection, 'PING', '+PONG'))
  },

  async open(url): Promise<CleanSpace> {
    const name = uniqueName()
    const index = await lease(url, name)
    const own = new URL(url)
    own.pathname = `/${index}`
    return { name, url: own.href, drop: () => release(url, index) }
  },
}

/**
 * Takes an empty database for ourselves, from 1 on. One that holds anything is somebody's and stays untouched.
 * The leases are keys of database 0, so that test processes agree on them.
 */
async function lease(url: string, holder: string): Promise<number> {
  const count = await databaseCount(url)
  const first = count > 1 ? randomInt(1, count) : 0
  for (let step = 0; step < count - 1; step++) {
    const index = ((first - 1 + step) % (count - 1)) + 1
    if (await tryLease(url, index, holder)) return index
  }
  throw new Error(
    `none of the ${count} Redis databases is free: each holds keys or is leased to a test. Flush those that tests left behind`,
  )
}

async function tryLease(url: string, index: number, holder: string): Promise<boolean> {
  const answer = await inDatabase(url, 0, ({ ask }) => ask(`SET ${leaseKey(index)} ${holder} NX EX ${leaseSeconds}`))
  if (answer !== '+OK') return false
  return inDatabase(url, index, async ({ ask }) => (await ask('DBSIZE')) === ':0')
}

async function release(url: string, index: number): Promise<void> {
  await inDatabase(url, index, (connection) => expectAnswer(connection, 'FLUSHDB', '+OK'))
  await inDatabase(url, 0, ({ ask }) => ask(`DEL ${leaseKey(index)}`))
}

/** Found by asking for the last ones that servers are commonly configured with: CONFIG is often forbidden. */
async function databaseCount(url: string): Promise<number> {
  for (const count of [privateDatabases, 16]) {
    const selected = await signedIn(url, ({ ask }) => ask(`SELECT ${count - 1}`))
    if (selected === '+OK') return count
  }
  return 1
}

const leaseKey = (index: number): string => `covet:test-lease:${index}`

function inDatabase<T>(url: string, index: number, talk: (connection: LineConnection) => Promise<T>): Promise<T> {
  return signedIn(url, async (connection) => {
    await expectAnswer(connection, `SELECT ${index}`, '+OK')
    return talk(connection)
  })
}

function signedIn<T>(url: string, talk: (connection: LineConnection) => Promise<T>): Promise<T> {
  const { username, password } = new URL(url)
  const credentials = [username, password].filter(Boolean).map(decodeURIComponent)
  return converse(url, 6379, async (connection) => {
    if (credentials.length > 0) await expectAnswer(connection, ['AUTH', ...credentials].join(' '), '+OK')
    return talk(connection)
  })
}

async function expectAnswer({ ask }: LineConnection, command: string, expected: string): Promise<void> {
  const answer = await ask(command)
  if (answer !== expected) throw new Error(`Redis answered ${command.split(' ')[0]} with ${answer}`)
}
