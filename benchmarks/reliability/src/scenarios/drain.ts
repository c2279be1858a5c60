import { httpClient, type RawConnection, rawConnection } from '@covet/testing'
import { type Contender, start } from '../contender.ts'
import { type Figure, figure } from '../figure.ts'
import { timed, times, until } from '../waiting.ts'

const inFlight = 200
const idle = 500
/** Longer than Fastify's keep-alive, 72 s. */
const patience = 100_000

/** SIGTERM with requests of a second in flight, over connections that are kept alive. */
export async function drain(contender: Contender): Promise<readonly Figure[]> {
  await using server = await start(contender)
  const open = async (): Promise<RawConnection> => {
    const connection = await rawConnection(server.port, { timeout: patience })
    connection.write(ask('/ping'))
    await connection.response()
    return connection
  }
  const idlers = await times(idle, open)
  const busy = await times(inFlight, open)
  for (const connection of busy) connection.write(ask('/slow'))
  await until(async () => Number(await httpClient(server.url).get('/in-flight').text()) === inFlight)

  const exited = timed(server.process.exit, patience)
  server.process.signal('SIGTERM')
  const responses = await Promise.all(busy.map((connection) => connection.response()))
  const value = await exited
  await Promise.all([...idlers, ...busy].map((connection) => connection[Symbol.asyncDispose]()))
  return [
    figure(`failed of ${inFlight} requests in flight at SIGTERM`, '', responses.filter((response) => response?.status !== 200).length),
    { name: 'SIGTERM to exit, the requests taking 1 s', unit: 's', value },
  ]
}

/** SIGTERM with a handler that never ends; Covet's drain deadline is 5 s here. */
export async function stuck(contender: Contender): Promise<readonly Figure[]> {
  await using server = await start(contender, { DRAIN_DEADLINE: '5s' })
  await using connection = await rawConnection(server.port)
  connection.write(ask('/stuck'))
  await until(async () => Number(await httpClient(server.url).get('/in-flight').text()) === 1)
  const exited = timed(server.process.exit, patience)
  server.process.signal('SIGTERM')
  return [{ name: 'SIGTERM to exit, one handler stuck (drain deadline 5 s)', unit: 's', value: await exited }]
}

function ask(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: bench.test\r\n\r\n`
}
