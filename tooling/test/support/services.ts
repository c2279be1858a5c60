import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serviceNames } from '../../services/definitions.ts'
import { createServices, type Services } from '../../services/services.ts'

/** Services of a test's own: another state folder, none of the machine's URLs. */
export interface OwnServices extends Services, AsyncDisposable {
  environment: NodeJS.ProcessEnv
  said: string[]
}

const urls = [
  'POSTGRES_URL',
  'PGBOUNCER_URL',
  'MARIADB_URL',
  'MYSQL_URL',
  'REDIS_URL',
  'MEMCACHED_URL',
  'COVET_SERVICES_RUN',
  'COVET_SERVICES_UNAVAILABLE',
]

export function ownServices(overrides: NodeJS.ProcessEnv = {}): OwnServices {
  const folder = mkdtempSync(join(tmpdir(), 'covet-own-services-'))
  const inherited = Object.entries(process.env).filter(([name]) => !urls.includes(name))
  const environment = { ...Object.fromEntries(inherited), COVET_SERVICES_FOLDER: folder, ...overrides }
  const said: string[] = []
  const services = createServices(environment, (message) => said.push(message))
  return {
    ...services,
    environment,
    said,
    async [Symbol.asyncDispose]() {
      await Promise.all(serviceNames.map((name) => services.stop(name)))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
