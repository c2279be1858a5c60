import type { CleanSpace, ServiceName } from './definition.ts'
import { createServices, type Services } from './services.ts'

export type { CleanSpace, ServerPlan, ServiceName } from './definition.ts'
export { ServiceUnavailableError } from './errors.ts'
export { ownServer, type OwnServer } from './own-server.ts'
export { createServices, type Server, type Services } from './services.ts'

let shared: Services | undefined
const services = (): Services => (shared ??= createServices())

/**
 * A clean database (PostgreSQL, MariaDB, Redis) or key prefix (memcached), on a server that is started when none runs.
 * @throws ServiceUnavailableError with what to do, when there is none to be had
 */
export function service(name: ServiceName): Promise<CleanSpace> {
  return services().service(name)
}

/** Sees to it that the service runs: what `service` waits for at its first call. */
export async function start(name: ServiceName): Promise<void> {
  await services().server(name)
}

/** Why tests that need the service cannot run on this machine, and the one command that helps; undefined when they can. */
export function skipReason(name: ServiceName): string | undefined {
  return services().skipReason(name)
}
