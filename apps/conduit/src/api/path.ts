import type { FastifyRequest } from 'fastify'

/** Whether a request is for the API, known route or not. A route is known by its pattern, however its URL is spelled. */
export function isApiRequest({ routeOptions, url }: FastifyRequest): boolean {
  return /^\/api(?:[/?]|$)/.test(routeOptions.url ?? url)
}
