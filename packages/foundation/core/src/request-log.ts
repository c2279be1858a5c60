import type { FastifyInstance } from 'fastify'

/** One line for each answered or aborted request. */
export function attachRequestLog(app: FastifyInstance): void {
  app.addHook('onResponse', (request, reply, done) => {
    const path = request.url.split('?', 1)[0]
    request.log.info(
      {
        method: request.method,
        path,
        route: request.routeOptions.url,
        status: reply.statusCode,
        ip: request.ip,
        elapsedMs: reply.elapsedTime,
      },
      'request answered',
    )
    done()
  })
}
