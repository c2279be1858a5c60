import { describe, expect, it } from '@jest/globals'
import { eventually, httpClient, type RawConnection, rawConnection } from '@covet/testing'
import { times } from './support/times.ts'
import { type RunningApp, startApp } from './support/start-app.ts'

const megabyte = 1_000_000

interface Ending {
  /** What the server said before it closed; `undefined` when it just closed. */
  readonly status: number | undefined
  readonly took: number
}

function open(app: RunningApp, count: number): Promise<RawConnection[]> {
  return times(count, () => rawConnection(app.port, { timeout: '60s' }))
}

/** Writes one byte now and then until the server closes. */
async function dribble(connection: RawConnection, start: string): Promise<Ending> {
  const started = performance.now()
  connection.write(start)
  const timer = setInterval(() => connection.write('x'), 500)
  const response = await connection.response()
  await connection.closed
  clearInterval(timer)
  return { status: response?.status, took: performance.now() - started }
}

/** How many visitors, one after the other, are answered while `others` are at it. */
async function visitorsDuring(app: RunningApp, others: Promise<unknown>): Promise<number> {
  const client = httpClient(app.url)
  let served = 0
  let over = false
  void others.finally(() => (over = true))
  while (!over) {
    await client.get('/ping').expect(200)
    served++
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return served
}

describe('slow clients', () => {
  it('REL-05 closes 1,000 slow headers, 500 slow bodies and 500 that do not read, while others are served', async () => {
    await using app = await startApp('slow-clients')
    await httpClient(app.url).get('/ping').expect(200)
    const memoryBefore = app.process.residentMemory()
    const [slowHeaders, slowBodies, slowReaders] = [await open(app, 1_000), await open(app, 500), await open(app, 500)]

    for (const reader of slowReaders) {
      reader.pause()
      reader.write('GET /big HTTP/1.1\r\nHost: app.test\r\n\r\n')
    }
    const head = 'POST /echo HTTP/1.1\r\nHost: app.test\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n'
    const headersClosed = Promise.all(
      slowHeaders.map((connection) => dribble(connection, 'GET /ping HTTP/1.1\r\nHost: app.test\r\nX-Slow: ')),
    )
    const bodiesClosed = Promise.all(slowBodies.map((connection) => dribble(connection, head)))
    const client = httpClient(app.url)
    const readersClosed = eventually(async () => expect(Number(await client.get('/connections').text())).toBeLessThan(10), { within: '1m' })
    const served = await visitorsDuring(app, Promise.all([headersClosed, bodiesClosed, readersClosed]))
    const memoryAfter = app.process.residentMemory()

    // The application gives headers 2 s and a request 3 s, and looks every half second.
    for (const { status, took: lasted } of await headersClosed) {
      expect(status).toBe(408)
      expect(lasted).toBeLessThan(2_000 + 5_000)
    }
    for (const { status, took: lasted } of await bodiesClosed) {
      expect(status).toBe(408)
      expect(lasted).toBeLessThan(3_000 + 5_000)
    }
    await readersClosed
    // Who waits for the slow ones to be closed is served once or twice. How fast: benchmarks/reliability has the figure.
    expect(served).toBeGreaterThan(20)
    expect(memoryAfter - memoryBefore).toBeLessThan(160 * megabyte)
    await Promise.all(slowReaders.map((reader) => reader[Symbol.asyncDispose]()))
  }, 90_000)

  it('HTTP-16 holds back a stream of a gigabyte whose client stops reading, and closes it when nothing moves', async () => {
    await using app = await startApp('slow-clients')
    const client = httpClient(app.url)
    await client.get('/gigabyte/state').expect(200)
    const memoryBefore = app.process.residentMemory()
    let memoryPeak = 0
    await using reader = await rawConnection(app.port)
    reader.pause()
    reader.write('GET /gigabyte HTTP/1.1\r\nHost: app.test\r\n\r\n')

    const state = await eventually(
      async () => {
        memoryPeak = Math.max(memoryPeak, app.process.residentMemory())
        const now = await client.get('/gigabyte/state').json<{ pulled: number; cancelled: boolean }>()
        expect(now.cancelled).toBe(true)
        return now
      },
      { within: '1m' },
    )

    // Megabytes: what the kernel took of the connection, and what the stream holds.
    expect(state.pulled).toBeGreaterThan(0)
    expect(state.pulled).toBeLessThan(64)
    expect(memoryPeak - memoryBefore).toBeLessThan(64 * megabyte)
    reader.resume()
    expect(await reader.response()).toBeUndefined()
  }, 60_000)
})
