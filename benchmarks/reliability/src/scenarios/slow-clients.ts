import { quantile } from '@covet-benchmarks/common/statistics'
import { httpClient, type RawConnection, rawConnection } from '@covet/testing'
import { type Contender, type Server, start } from '../contender.ts'
import { type Figure, figure, type Value } from '../figure.ts'
import { timed, times, until } from '../waiting.ts'
import { setTimeout as sleep } from 'node:timers/promises'

const patience = 120_000
const trafficTime = 20_000

/** 1,000 clients that send headers slowly, 500 that send bodies slowly and 500 that do not read, on default limits. */
export async function slowClients(contender: Contender): Promise<readonly Figure[]> {
  await using server = await start(contender)
  await httpClient(server.url).get('/ping').expect(200)
  const memoryBefore = server.process.residentMemory()
  const [headers, bodies, readers] = [await open(server, 1_000), await open(server, 500), await open(server, 500)]
  const over = new AbortController()

  for (const reader of readers) {
    reader.pause()
    reader.write('GET /big HTTP/1.1\r\nHost: bench.test\r\n\r\n')
  }
  const slowHead = 'GET /ping HTTP/1.1\r\nHost: bench.test\r\nX-Slow: '
  const slowBody = 'POST /echo HTTP/1.1\r\nHost: bench.test\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n'
  const endings = Promise.all([
    timed(Promise.all(headers.map((connection) => dribble(connection, slowHead, over.signal))), patience),
    timed(Promise.all(bodies.map((connection) => dribble(connection, slowBody, over.signal))), patience),
    timed(readersGone(server, over.signal), patience),
  ])
  const latencies = await visit(server, trafficTime)
  const memory = server.process.residentMemory()
  const [headersClosed, bodiesClosed, readersClosed] = await endings
  over.abort()
  await Promise.all([...headers, ...bodies, ...readers].map((connection) => connection[Symbol.asyncDispose]()))
  return [
    last('the last of 1,000 slow header sections is closed', headersClosed),
    last('the last of 500 slow bodies is closed', bodiesClosed),
    last('the last of 500 clients that do not read is closed', readersClosed),
    figure('p50 of other requests meanwhile', 'ms', quantile(latencies, 0.5)),
    figure('p99 of other requests meanwhile', 'ms', quantile(latencies, 0.99)),
    figure('memory more than before them', 'MB', memory - memoryBefore),
  ]
}

function last(name: string, value: Value): Figure {
  return { name, unit: 's', value }
}

function open(server: Server, count: number): Promise<RawConnection[]> {
  return times(count, () => rawConnection(server.port, { timeout: '10m' }))
}

async function dribble(connection: RawConnection, start: string, over: AbortSignal): Promise<void> {
  connection.write(start)
  const timer = setInterval(() => connection.write('x'), 2_000)
  over.addEventListener('abort', () => clearInterval(timer))
  await connection.closed
  clearInterval(timer)
}

async function readersGone(server: Server, over: AbortSignal): Promise<void> {
  const client = httpClient(server.url)
  const count = async (): Promise<number> => Number(await client.get('/readers').text())
  await until(async () => (await count()) === 500, 50, over)
  await until(async () => (await count()) === 0, 250, over)
}

/** A visitor who asks again and again. @returns how long each answer took, in ms */
async function visit(server: Server, time: number): Promise<readonly number[]> {
  const client = httpClient(server.url)
  const took: number[] = []
  for (const end = performance.now() + time; performance.now() < end;) {
    const started = performance.now()
    await client.get('/ping').expect(200)
    took.push(performance.now() - started)
    await sleep(5)
  }
  return took
}
