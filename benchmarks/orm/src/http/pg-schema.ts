import Fastify from 'fastify'
import { rowsReader } from './pg-rows.ts'

const item = {
  type: 'object',
  properties: {
    id: { type: 'integer' },
    title: { type: 'string' },
    note: { type: ['string', 'null'] },
    views: { type: 'integer' },
    draft: { type: 'boolean' },
    created_at: { type: 'string', format: 'date-time' },
  },
}

export async function start(url: string, count: number): Promise<number> {
  const app = Fastify()
  const read = rowsReader(url, count)
  app.get('/items', { schema: { response: { 200: { type: 'array', items: item } } } }, () => read())
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  return Number(new URL(address).port)
}
