import { connect, type Socket } from 'node:net'

/** Sends bytes over a fresh connection and collects what comes back until the server closes it, or `until` matches. */
export async function rawExchange(port: number, bytes: string, until?: RegExp): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.setEncoding('utf8')
  let received = ''
  try {
    return await new Promise<string>((resolve, reject) => {
      socket.on('data', (chunk: string) => {
        received += chunk
        if (until?.test(received)) resolve(received)
      })
      socket.on('close', () => resolve(received))
      socket.on('error', (error: NodeJS.ErrnoException) =>
        error.code === 'ECONNRESET' || error.code === 'EPIPE' ? resolve(received) : reject(error),
      )
      socket.write(bytes)
    })
  } finally {
    socket.destroy()
  }
}

export function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => resolve(socket))
    socket.once('error', reject)
  })
}

export function statusOf(response: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(response)?.[1] ?? 0)
}

export function portOf(app: { server: { address(): unknown } }): number {
  return (app.server.address() as { port: number }).port
}
