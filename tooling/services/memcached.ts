import type { CleanSpace, ServiceDefinition } from './definition.ts'
import { converse } from './line-protocol.ts'
import { uniqueName } from './name.ts'

/** memcached has no databases and no way to list keys: a test keeps to keys that begin with its space's name. */
export const memcached: ServiceDefinition = {
  name: 'memcached',
  title: 'memcached',
  version: [1, 6],
  environment: ['MEMCACHED_URL'],
  binaries: ['memcached'],
  folders: ['/opt/homebrew/bin', '/usr/local/opt/memcached/bin'],
  packages: { 'apt-get': 'memcached', brew: 'memcached', dnf: 'memcached', apk: 'memcached', pacman: 'memcached' },
  // It has nothing to put in order, and looks up from its work once a second.
  stopSignal: 'SIGKILL',

  async command({ binary, port }) {
    return [binary('memcached'), '-l', '127.0.0.1', '-p', String(port), '-U', '0', '-m', '64']
  },

  url: (port) => `memcached://127.0.0.1:${port}`,

  async ask(url) {
    const answer = await converse(url, 11211, ({ ask }) => ask('version'))
    if (!answer.startsWith('VERSION ')) throw new Error(`memcached answered version with ${answer}`)
  },

  async open(url): Promise<CleanSpace> {
    return { name: uniqueName(), url, drop: async () => {} }
  },
}
