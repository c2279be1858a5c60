// An application with every place an error can come from.
import { createApp, run } from '@covet/core'
import { Readable } from 'node:stream'

const fault = (place: string): Error => new Error(`fault in ${place}`)

await run(async () => {
  const app = await createApp()

  app.get('/ping', () => 'pong')
  app.get('/slow', async () => {
    await new Promise((resolve) => setTimeout(resolve, 500))
    return 'done'
  })

  app.get('/throw', () => {
    throw fault('handler')
  })
  app.get('/reject', () => Promise.reject(fault('promise')))
  app.get('/pre-handler', { preHandler: async () => Promise.reject(fault('pre-handler')) }, () => 'never')
  app.get('/on-send', { onSend: async () => Promise.reject(fault('on-send')) }, () => 'never')
  app.get(
    '/serializer',
    { schema: { response: { 200: { type: 'object', required: ['id'], properties: { id: { type: 'integer' } } } } } },
    () => ({}),
  )
  app.get('/early-stream', (_request, reply) =>
    reply.send(
      new Readable({
        read() {
          this.destroy(fault('early stream'))
        },
      }),
    ),
  )
  app.get('/late-stream', (_request, reply) => {
    let reads = 0
    return reply.send(
      new Readable({
        read() {
          if (reads++ === 0) this.push('first bytes')
          else setTimeout(() => this.destroy(fault('late stream')), 20)
        },
      }),
    )
  })
  app.get('/after-reply', async (_request, reply) => {
    await reply.send('answered')
    throw fault('after reply')
  })
  app.get('/twice', (_request, reply) => {
    void reply.send('once')
    void reply.send('twice')
  })

  app.get('/timer', () => {
    setTimeout(() => {
      throw fault('timer')
    }, 10)
    return 'armed'
  })
  app.get('/unhandled', () => {
    setTimeout(() => void Promise.reject(fault('unhandled promise')), 10)
    return 'armed'
  })
  app.get('/emitter', () => {
    setTimeout(() => new Readable({ read() {} }).destroy(fault('a stream nobody listens to')), 10)
    return 'armed'
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
})
