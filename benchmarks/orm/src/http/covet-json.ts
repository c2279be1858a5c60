import Fastify from 'fastify'
import { connect, Item } from './covet-item.ts'

/** Rows into the answer's bytes, without objects between. */
export async function start(url: string, count: number): Promise<number> {
  connect(url)
  const app = Fastify()
  app.get('/items', (_request, reply) => Item.query().orderBy('id').limit(count).json(reply))
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  return Number(new URL(address).port)
}
