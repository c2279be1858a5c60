import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'

/** A connection to a server that answers in lines, as Redis and memcached do to the few commands used here. */
export interface LineConnection {
  /** Sends one command and answers the next line that comes back. */
  ask(command: string): Promise<string>
}

const timeoutMs = 5000

/** Connects, runs the conversation, disconnects. Rejects when the server is silent for 5 s or goes away. */
export async function converse<T>(url: string, defaultPort: number, talk: (connection: LineConnection) => Promise<T>): Promise<T> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port || defaultPort) })
  try {
    return await Promise.race([failure(socket), talkOver(socket, talk)])
  } finally {
    socket.destroy()
  }
}

async function talkOver<T>(socket: Socket, talk: (connection: LineConnection) => Promise<T>): Promise<T> {
  await once(socket, 'connect')
  const lines = createInterface(socket)[Symbol.asyncIterator]()
  return talk({
    async ask(command) {
      socket.write(`${command}\r\n`)
      const line = await lines.next()
      if (line.done) throw new Error(`the server at port ${socket.remotePort} closed the connection`)
      return line.value
    },
  })
}

async function failure(socket: Socket): Promise<never> {
  const silence = once(socket.setTimeout(timeoutMs), 'timeout').then(() => {
    throw new Error(`the server did not answer within ${timeoutMs / 1000} s`)
  })
  const broken = new Promise<never>((_resolve, reject) => socket.once('error', reject))
  return Promise.race([silence, broken])
}
