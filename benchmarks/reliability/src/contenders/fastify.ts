// Fastify as its documentation starts it, with the usual few lines for SIGTERM.
import { fastify } from 'fastify'
import { routes } from './routes.ts'

const app = fastify({ logger: { level: 'fatal' } })
routes(app)
process.on('SIGTERM', () => {
  void app.close().then(() => process.exit(0))
})
console.log(`listening at ${await app.listen({ port: 0, host: '127.0.0.1' })}`)
