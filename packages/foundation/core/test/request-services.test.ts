import { describe, expect, it } from '@jest/globals'
import fastify from 'fastify'
import { once } from 'node:events'
import { createApp, plugin, requestToken, token, type Plugin, type RequestToken, type Token } from '../src/index.ts'
import { open, portOf } from './support/raw.ts'

interface Unit {
  readonly id: string
  close(): void
}
const Work: RequestToken<'work', Unit> = requestToken('work')
const Ledger: RequestToken<'ledger', Unit> = requestToken('ledger')

class Record {
  readonly events: string[] = []
  #waiting: (() => void)[] = []
  add(event: string): void {
    this.events.push(event)
    for (const wake of this.#waiting.splice(0)) wake()
  }
  async until(event: string): Promise<void> {
    while (!this.events.includes(event)) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }
}

const work = (record: Record): Plugin<never, 'work'> =>
  plugin({
    name: 'work',
    provides: { work: Work },
    setup: () => ({
      work: (request) => {
        record.add(`open ${request.url}`)
        return { id: request.id, close: () => record.add(`close ${request.url}`) }
      },
    }),
  })

describe('request-scoped services', () => {
  it('are made on first use, shared within the request, and closed with the response', async () => {
    const record = new Record()
    const needy: Plugin<'work'> = plugin({
      name: 'needy',
      needs: { work: Work },
      setup(app, { work }) {
        app.get('/used', async (request) => {
          expect(request.services.get(Work)).toBe(work(request))
          expect(request.services.get(Work).id).toBe(request.id)
          return 'ok'
        })
        app.get('/unused', async () => 'ok')
      },
    })
    const app = await createApp({ plugins: [needy, work(record)] })
    await app.listen({ port: 0 })
    const url = `http://127.0.0.1:${portOf(app)}`
    await (await fetch(`${url}/unused`)).text()
    await (await fetch(`${url}/used`)).text()
    await record.until('close /used')
    expect(record.events).toEqual(['open /used', 'close /used'])
    await app.close()
  })

  it('close last first, and resolve application services beside', async () => {
    const record = new Record()
    const Name: Token<'name', string> = token('name')
    const app = await createApp({ plugins: [work(record)] })
    app.services.set(Name, 'Ada')
    app.services.set(Ledger, () => ({ id: 'l', close: () => record.add('close ledger') }))
    app.get('/', async (request) => {
      request.services.get(Work)
      request.services.get(Ledger)
      return { name: request.services.get(Name), missing: request.services.find(token('nobody')) ?? null }
    })
    const response = await app.fetch(new Request('http://localhost/'))
    expect(await response.json()).toEqual({ name: 'Ada', missing: null })
    await record.until('close /')
    expect(record.events).toEqual(['open /', 'close ledger', 'close /'])
    await app.close()
  })

  it('close when the client goes away before the answer', async () => {
    const record = new Record()
    const app = await createApp({ plugins: [work(record)] })
    app.get('/slow', async (request) => {
      request.services.get(Work)
      await once(request.signal, 'abort')
      return 'nobody reads this'
    })
    await app.listen({ port: 0 })
    const socket = await open(portOf(app))
    socket.write('GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await record.until('open /slow')
    socket.destroy()
    await record.until('close /slow')
    expect(record.events).toEqual(['open /slow', 'close /slow'])
    await app.close()
  })

  it('are not made any more once the client has left', async () => {
    const record = new Record()
    const app = await createApp({ plugins: [work(record)] })
    app.get('/late', async (request, reply) => {
      record.add('arrived')
      await once(reply.raw, 'close')
      try {
        request.services.get(Work)
      } catch (error) {
        record.add((error as { code: string }).code)
      }
    })
    await app.listen({ port: 0 })
    const socket = await open(portOf(app))
    socket.write('GET /late HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await record.until('arrived')
    socket.destroy()
    await record.until('kernel/services-closed')
    expect(record.events).not.toContain('open /late')
    await app.close()
  })

  it('close when another of the request could not be made', async () => {
    const record = new Record()
    const Failing: RequestToken<'failing', Promise<object>> = requestToken('failing')
    const app = await createApp({ plugins: [work(record)] })
    app.services.set(Failing, () => Promise.reject(new Error('no connection')))
    app.get('/', async (request) => {
      request.services.get(Work)
      return request.services.get(Failing).catch(() => 'without')
    })
    expect(await (await app.fetch(new Request('http://localhost/'))).text()).toBe('without')
    await record.until('close /')
    await app.close()
  })

  it('close after a hijacked reply has ended', async () => {
    const record = new Record()
    const app = await createApp({ plugins: [work(record)] })
    app.get('/hijacked', (request, reply) => {
      request.services.get(Work)
      reply.hijack()
      reply.raw.end('by hand')
    })
    const response = await app.fetch(new Request('http://localhost/hijacked'))
    expect(await response.text()).toBe('by hand')
    await record.until('close /hijacked')
    await app.close()
  })

  it('work in plain Fastify', async () => {
    const record = new Record()
    const app = fastify()
    await app.register(work(record))
    app.get('/', async (request) => request.services.get(Work).id)
    const { body } = await app.inject('/')
    expect(body).toMatch(/^req-/)
    await record.until('close /')
    await app.close()
  })

  it('report a service that fails to close, in the log', async () => {
    const lines: string[] = []
    const Bad: RequestToken<'bad', object> = requestToken('bad')
    const bad = plugin({
      name: 'bad',
      provides: { bad: Bad },
      setup: () => ({
        bad: () => ({
          close() {
            throw new Error('stuck')
          },
        }),
      }),
    })
    let seen: () => void = () => {}
    const logged = new Promise<void>((resolve) => (seen = resolve))
    const sink = {
      write(line: string) {
        lines.push(line)
        if (line.includes('failed to close')) seen()
      },
    }
    const app = await createApp({ plugins: [bad], logger: { sink } })
    app.get('/', async (request) => {
      request.services.get(Bad)
      return 'ok'
    })
    await app.fetch(new Request('http://localhost/'))
    await logged
    expect(lines.join('')).toContain('a service of the request failed to close')
    await app.close()
  })

  it('need a factory', async () => {
    const wrong = plugin({ name: 'wrong', provides: { work: Work }, setup: () => ({ work: {} as never }) })
    await expect(createApp({ plugins: [wrong] })).rejects.toMatchObject({ code: 'kernel/request-service' })
  })
})
