import type { StartServer } from './contract.ts'

interface ServerModule {
  start: StartServer
}

/** The one all others are compared with. */
export const plainServer = 'pg + JSON.stringify'

/** Fastify with one route over PostgreSQL, pool of 8; what differs is the way from rows to bytes. */
export const servers = {
  [plainServer]: () => import('./pg-stringify.ts'),
  'pg + response schema': () => import('./pg-schema.ts'),
  'covet models': () => import('./covet-models.ts'),
  'covet json': () => import('./covet-json.ts'),
} as const satisfies Readonly<Record<string, () => Promise<ServerModule>>>

export type ServerName = keyof typeof servers
export const serverNames = Object.keys(servers) as ServerName[]
export const rowCounts: readonly number[] = [1, 10, 100, 1_000]

export function isServerName(name: string): name is ServerName {
  return Object.hasOwn(servers, name)
}
