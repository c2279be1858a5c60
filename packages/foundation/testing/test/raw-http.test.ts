import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { describe, expect, it } from '@jest/globals'
import { rawConnection, rawHttp } from '@covet/testing'

/** A server that answers every connection in its own way. */
async function serve(answer: (socket: Socket) => void): Promise<AsyncDisposable & { port: number }> {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => sockets.delete(socket))
    answer(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** Answers the first bytes it gets, piece by piece so that every border is crossed. */
function replyWith(text: string, end: 'end' | 'reset' | 'stay' = 'end') {
  return (socket: Socket): void => {
    socket.once('data', async () => {
      for (const byte of Buffer.from(text, 'latin1')) await new Promise((resolve) => socket.write(Buffer.of(byte), resolve))
      if (end === 'end') socket.end()
      if (end === 'reset') socket.resetAndDestroy()
    })
  }
}

describe('rawHttp', () => {
  it('gives every response as it came: by length, chunked, without a body, and up to the end', async () => {
    await using server = await serve(
      replyWith(
        [
          'HTTP/1.1 100 Continue\r\n\r\n',
          'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: 1\r\nx-a: 2\r\n\r\nhello',
          'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n',
          'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\nTrailer: 1\r\n\r\n',
          'HTTP/1.1 204 No Content\r\n\r\n',
          'HTTP/1.0 400\r\n\r\nto the end',
        ].join(''),
      ),
    )
    const { responses, end, rest } = await rawHttp(server.port, 'anything')
    expect(responses.map(({ status, reason, body }) => [status, reason, body])).toEqual([
      [100, 'Continue', ''],
      [200, 'OK', 'hello'],
      [200, 'OK', 'abcde'],
      [200, 'OK', ''],
      [204, 'No Content', ''],
      [400, '', 'to the end'],
    ])
    expect(responses[1]?.headers).toEqual([
      ['Content-Length', '5'],
      ['X-A', '1'],
      ['x-a', '2'],
    ])
    expect([responses[1]?.header('x-A'), responses[1]?.header('none')]).toEqual(['1', undefined])
    expect([end, rest]).toEqual(['end', ''])
  })

  it('stops at the number of responses asked for, and keeps what came after', async () => {
    const one = 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1'
    await using server = await serve((socket) => socket.once('data', () => socket.write(one + one)))
    const { responses, end, rest } = await rawHttp(server.port, Buffer.from('x'), { responses: 1 })
    expect([responses.length, end, rest]).toEqual([1, undefined, one])
  })

  it('says when the connection was reset, and what was cut off', async () => {
    await using server = await serve(replyWith('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc', 'reset'))
    const { responses, end } = await rawHttp(server.port, 'x')
    expect([responses.length, end]).toEqual([0, 'reset'])
  })

  it('shows what came when the time is over', async () => {
    await using server = await serve(replyWith('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc', 'stay'))
    await expect(rawHttp(server.port, 'x', { timeout: 300 })).rejects.toMatchObject({
      code: 'testing/raw-response-timeout',
      message: expect.stringMatching(/HTTP\/1\.1 200 OK[^]*abc$/),
    })
  })

  it.each(['SSH-2.0-x\r\n\r\n', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'])(
    'refuses what is not HTTP: %j',
    async (bytes) => {
      await using server = await serve(replyWith(bytes))
      await expect(rawHttp(server.port, 'x')).rejects.toMatchObject({ code: 'testing/raw-response-malformed' })
    },
  )
})

describe('a raw connection', () => {
  it('talks turn by turn, and knows a HEAD answer has no body', async () => {
    await using server = await serve((socket) => {
      socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n'))
      socket.on('end', () => socket.end())
    })
    await using connection = await rawConnection(server.port)
    for (let turn = 0; turn < 2; turn++) {
      connection.write('HEAD')
      expect((await connection.response({ isHead: true }))?.header('content-length')).toBe('1000')
    }
    connection.end()
    expect(await connection.response()).toBeUndefined()
    expect(await connection.closed).toBe('end')
  })

  it('can stop reading, and reset', async () => {
    const ended = Promise.withResolvers<string>()
    await using server = await serve((socket) => {
      socket.write('HTTP/1.1 204 No Content\r\n\r\n')
      socket.on('error', (error: NodeJS.ErrnoException) => ended.resolve(error.code ?? ''))
    })
    await using connection = await rawConnection(server.port, { timeout: 200 })
    connection.pause()
    await expect(connection.response()).rejects.toMatchObject({ code: 'testing/raw-response-timeout' })
    connection.resume()
    expect((await connection.response())?.status).toBe(204)
    connection.reset()
    expect(await ended.promise).toBe('ECONNRESET')
    expect(await connection.closed).toBe('local')
  })
})
