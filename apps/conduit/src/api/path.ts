import type { FastifyRequest } from 'fastify'

/** Whether a request is for the API, known route or not. */
export function isApiRequest({ url }: Pick<FastifyRequest, 'url'>): boolean {
  return /^\/api(?:[/?]|$)/.test(url)
}
