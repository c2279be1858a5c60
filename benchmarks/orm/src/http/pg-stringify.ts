import Fastify from 'fastify'
import { rowsReader } from './pg-rows.ts'

export async function start(url: string, count: number): Promise<number> {
  const app = Fastify()
  const read = rowsReader(url, count)
  app.get('/items', async (_request, reply) => reply.type('application/json; charset=utf-8').send(JSON.stringify(await read())))
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  return Number(new URL(address).port)
}
