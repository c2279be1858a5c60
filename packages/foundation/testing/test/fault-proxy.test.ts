import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually, faultProxy } from '@covet/testing'

/** An echo server that notes what it received and how its connections ended. */
const received: string[] = []
const ends: string[] = []
const server = createServer((socket) => {
  socket.on('data', (bytes: Buffer) => {
    received.push(bytes.toString())
    socket.write(bytes)
  })
  socket.on('error', () => ends.push('reset'))
  socket.on('end', () => ends.push('end'))
})
let port = 0

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})
afterAll(() => void server.close())

async function dial(to: number): Promise<Socket & AsyncDisposable> {
  const socket = connect({ port: to, host: '127.0.0.1', noDelay: true })
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  // The stream's own disposal throws the error that ended it.
  return Object.assign(socket, { [Symbol.asyncDispose]: async () => void socket.destroy() })
}

async function answer(socket: Socket, bytes: string): Promise<string> {
  let text = ''
  while (text.length < bytes.length) text += String((await once(socket, 'data'))[0])
  return text
}

async function ask(socket: Socket, bytes: string): Promise<string> {
  socket.write(bytes)
  return answer(socket, bytes)
}

/** Resolves to the error code that ended the socket; '' for a clean end. */
async function endOf(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'))
    socket.once('close', () => resolve(''))
  })
}

describe('a fault proxy', () => {
  it('carries bytes and ends both ways when the line is good', async () => {
    await using proxy = await faultProxy({ port })
    const socket = await dial(proxy.port)
    const megabyte = 'x'.repeat(1_000_000)
    expect(await ask(socket, megabyte)).toBe(megabyte)
    expect(proxy.connections).toBe(1)
    ends.length = 0
    socket.end()
    expect(await endOf(socket)).toBe('')
    expect(ends).toEqual(['end'])
    await eventually(() => expect(proxy.connections).toBe(0))
  })

  it('delays each way, and is fast again once healed', async () => {
    await using proxy = await faultProxy({ port })
    await using socket = await dial(proxy.port)
    proxy.delay('100ms')
    const started = performance.now()
    await ask(socket, 'a')
    expect(performance.now() - started).toBeGreaterThanOrEqual(195)
    proxy.heal()
    expect(await ask(socket, 'b')).toBe('b')
  })

  it('throttles', async () => {
    await using proxy = await faultProxy({ port })
    await using socket = await dial(proxy.port)
    proxy.throttle(100_000)
    const started = performance.now()
    await ask(socket, 'x'.repeat(30_000))
    expect(performance.now() - started).toBeGreaterThanOrEqual(250)
  })

  it('swallows everything in a black hole, new connections too, and delivers it when the line heals', async () => {
    await using proxy = await faultProxy({ port })
    await using before = await dial(proxy.port)
    await ask(before, 'hello')
    proxy.blackHole()
    received.length = 0
    await using during = await dial(proxy.port)
    const answers = Promise.all([answer(before, 'one'), answer(during, 'two')])
    before.write('one')
    during.write('two')
    // Nothing to wait for: the direct connection shows that there was time to arrive.
    await using direct = await dial(port)
    await ask(direct, 'direct')
    expect(received).toEqual(['direct'])
    proxy.heal()
    expect(await answers).toEqual(['one', 'two'])
  })

  it('loses only the answer: the server did the work, the client does not know', async () => {
    await using proxy = await faultProxy({ port })
    await using socket = await dial(proxy.port)
    proxy.blackHole('response')
    received.length = 0
    let heard = ''
    socket.on('data', (bytes: Buffer) => (heard += bytes.toString()))
    socket.write('COMMIT')
    await eventually(() => expect(received).toContain('COMMIT'))
    const end = endOf(socket)
    proxy.cut()
    expect(await end).toBe('ECONNRESET')
    expect(heard).toBe('')
  })

  it('cuts open connections at both ends, and takes new ones', async () => {
    await using proxy = await faultProxy({ port })
    const socket = await dial(proxy.port)
    await ask(socket, 'hello')
    ends.length = 0
    const end = endOf(socket)
    proxy.cut()
    expect(await end).toBe('ECONNRESET')
    await eventually(() => expect(ends).toHaveLength(1))
    expect(ends).toEqual(['reset'])
    await using again = await dial(proxy.port)
    expect(await ask(again, 'again')).toBe('again')
  })

  it('leaves a client half-open: the server is gone and nobody says so until the line heals', async () => {
    await using proxy = await faultProxy({ port })
    await using socket = await dial(proxy.port)
    await ask(socket, 'hello')
    ends.length = 0
    proxy.halfOpen()
    await eventually(() => expect(ends).toHaveLength(1))
    socket.write('anybody?')
    await using direct = await dial(port)
    await ask(direct, 'direct')
    expect(socket.destroyed).toBe(false)
    const end = endOf(socket)
    proxy.heal()
    expect(await end).toBe('ECONNRESET')
  })

  it('refuses new connections while the open ones work', async () => {
    await using proxy = await faultProxy({ port })
    await using open = await dial(proxy.port)
    await ask(open, 'hello')
    proxy.refuse()
    const refused = connect({ port: proxy.port, host: '127.0.0.1' })
    expect(await endOf(refused)).toBe('ECONNRESET')
    expect(await ask(open, 'still')).toBe('still')
    proxy.heal()
    await using again = await dial(proxy.port)
    expect(await ask(again, 'again')).toBe('again')
  })

  it('resets the client when the server is not there, or cuts', async () => {
    const gone = createServer((socket) => socket.once('data', () => socket.resetAndDestroy()))
    gone.listen(0, '127.0.0.1')
    await once(gone, 'listening')
    await using proxy = await faultProxy({ port: (gone.address() as AddressInfo).port, host: '127.0.0.1' })
    const cut = await dial(proxy.port)
    const end = endOf(cut)
    cut.write('x')
    expect(await end).toBe('ECONNRESET')
    gone.close()
    await once(gone, 'close')
    const refused = connect({ port: proxy.port, host: '127.0.0.1' })
    expect(await endOf(refused)).toBe('ECONNRESET')
  })
})
