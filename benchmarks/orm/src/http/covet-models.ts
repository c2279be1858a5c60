import Fastify from 'fastify'
import { connect, Item } from './covet-item.ts'

/** Instances, sent as they are. */
export async function start(url: string, count: number): Promise<number> {
  connect(url)
  const app = Fastify()
  app.get('/items', () => Item.query().orderBy('id').limit(count))
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  return Number(new URL(address).port)
}
