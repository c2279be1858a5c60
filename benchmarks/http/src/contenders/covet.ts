// Covet. The routes are plain Fastify's, line for line; the stack is core's prepared headers and one hook.
import { createApp } from '@covet/core'
import type { WorkloadName } from '../workloads.ts'
import { listen, routes } from './fastify-routes.ts'

export async function start(workload: WorkloadName): Promise<number> {
  const app = await createApp({ plugins: [] })
  if (workload === 'stack') throw new Error('not yet')
  routes[workload](app)
  return listen(app)
}
