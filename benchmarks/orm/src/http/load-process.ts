// The process that makes the load: keep-alive connections with one request under way on each.
import { Agent, get } from 'node:http'
import { quantile } from '@covet-benchmarks/common/statistics'
import { serve } from '../serve.ts'

export interface LoadCall {
  port: number
  /** Milliseconds. */
  duration: number
  connections: number
}

export interface LoadReport {
  answers: number
  elapsed: number
  /** Microseconds. */
  p50: number
  p99: number
}

await serve(null, run)
process.exit(0)

async function run({ port, duration, connections }: LoadCall): Promise<LoadReport> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const latencies: number[] = []
  const startedAt = performance.now()
  const until = startedAt + duration
  const caller = async (): Promise<void> => {
    do {
      const sentAt = performance.now()
      await ask(port, agent)
      latencies.push((performance.now() - sentAt) * 1000)
    } while (performance.now() < until)
  }
  await Promise.all(Array.from({ length: connections }, caller))
  agent.destroy()
  return {
    answers: latencies.length,
    elapsed: performance.now() - startedAt,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
  }
}

function ask(port: number, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: '/items', agent }, (response) => {
      response.resume()
      if (response.statusCode === 200) response.once('end', resolve)
      else reject(new Error(`The server answered ${response.statusCode}.`))
    }).once('error', reject)
  })
}
