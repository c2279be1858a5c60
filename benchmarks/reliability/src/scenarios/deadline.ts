import { quantile } from '@covet-benchmarks/common/statistics'
import { httpClient, rawConnection } from '@covet/testing'
import { type Contender, start } from '../contender.ts'
import { type Figure, figure } from '../figure.ts'
import { times, until } from '../waiting.ts'

/** A handler that has a second, and clients that leave before their answer. */
export async function deadline(contender: Contender): Promise<readonly Figure[]> {
  await using server = await start(contender)
  const client = httpClient(server.url)
  const took = await times(20, async () => {
    const started = performance.now()
    await client.get('/deadline').expect(503)
    return performance.now() - started
  })
  return [
    figure('503 of a handler that has 1 s: p50', 'ms', quantile(took, 0.5)),
    figure('503 of a handler that has 1 s: longest', 'ms', Math.max(...took)),
    ...(await disconnects(server.port, server.url)),
  ]
}

async function disconnects(port: number, url: string): Promise<readonly Figure[]> {
  const client = httpClient(url)
  const connections = await times(200, () => rawConnection(port))
  for (const [id, connection] of connections.entries()) connection.write(`GET /abort/${id} HTTP/1.1\r\nHost: bench.test\r\n\r\n`)
  await until(async () => Number(await client.get('/in-flight').text()) === connections.length)
  const left = connections.map((connection) => {
    connection.reset()
    return performance.timeOrigin + performance.now()
  })
  await until(async () => Object.keys(await client.get('/aborts').json<object>()).length === left.length)
  const aborts = await client.get('/aborts').json<Record<string, number>>()
  const took = left.map((at, id) => (aborts[id] ?? Number.NaN) - at)
  return [figure('request.signal after a client left: p99 of 200', 'ms', Math.max(0, quantile(took, 0.99)))]
}
