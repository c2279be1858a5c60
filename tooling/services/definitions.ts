import type { ServiceDefinition, ServiceName } from './definition.ts'
import { mariadb } from './mariadb.ts'
import { memcached } from './memcached.ts'
import { pgbouncer } from './pgbouncer.ts'
import { postgres } from './postgres.ts'
import { redis } from './redis.ts'

export const definitions: Record<ServiceName, ServiceDefinition> = { postgres, mariadb, redis, memcached, pgbouncer }

export const serviceNames: readonly ServiceName[] = Object.keys(definitions) as ServiceName[]

export function isServiceName(value: string): value is ServiceName {
  return value in definitions
}
