import type { WorkloadName } from '../workloads.ts'

/** Starts the contender's server for one workload on a free port of 127.0.0.1 and gives the port. */
export interface ContenderModule {
  start(workload: WorkloadName): Promise<number>
}

export interface Contender {
  /** The packages whose versions are printed. */
  packages: readonly string[]
  load(): Promise<ContenderModule>
  /** Only in these workloads; all when left out. */
  workloads?: readonly WorkloadName[]
}

const nodeHttp = { packages: ['ajv'], load: () => import('./node-http.ts') }
const plainFastify = { packages: ['fastify'], load: () => import('./fastify.ts') }

export const contenders = {
  'node:http': nodeHttp,
  fastify: plainFastify,
  'fastify + plugins': {
    packages: ['@fastify/cors', '@fastify/helmet', '@fastify/cookie', '@fastify/bearer-auth'],
    load: () => import('./fastify-plugins.ts'),
    workloads: ['stack'],
  },
  covet: { packages: ['@covet/core'], load: () => import('./covet.ts') },
  express: { packages: ['express', 'cors', 'helmet', 'cookie-parser', 'response-time'], load: () => import('./express.ts') },
  hono: { packages: ['hono', '@hono/node-server'], load: () => import('./hono.ts') },
  nestjs: {
    packages: ['@nestjs/core', '@nestjs/platform-fastify', 'class-validator', 'class-transformer'],
    load: () => import('./nest.ts'),
  },
  adonisjs: { packages: ['@adonisjs/core', '@adonisjs/cors', '@vinejs/vine'], load: () => import('./adonis.ts') },
  // Controls: the same programs in second processes. What they differ by from the first is the measurement's own error.
  'node:http again': nodeHttp,
  'fastify again': plainFastify,
} as const satisfies Readonly<Record<string, Contender>>

export type ContenderName = keyof typeof contenders
export const contenderNames = Object.keys(contenders) as ContenderName[]

export function isContenderName(name: string): name is ContenderName {
  return Object.hasOwn(contenders, name)
}

export function takesPart(name: ContenderName, workload: WorkloadName): boolean {
  const { workloads }: Contender = contenders[name]
  return workloads === undefined || workloads.includes(workload)
}
