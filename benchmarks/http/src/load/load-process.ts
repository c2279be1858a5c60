// The process that makes the load: it opens connections to one contender at a time and runs them for a slice.
import { median, quantile } from '@covet-benchmarks/common/statistics'
import type { Exchange } from '../workloads.ts'
import { Connection } from './connection.ts'

export type LoadCall =
  | { type: 'open'; port: number; connections: number; requests: readonly Exchange[] }
  | { type: 'run'; duration: number }
  | { type: 'close' }

export interface LoadReport {
  answers: number
  elapsedMs: number
  p50: number
  p99: number
  failed?: string
}

const nothing: LoadReport = { answers: 0, elapsedMs: 0, p50: 0, p99: 0 }
let connections: Connection[] = []

function encode({ method, path, headers, body }: Exchange, port: number): Buffer {
  const fields = { host: `127.0.0.1:${port}`, ...headers, ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }) }
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body ?? ''}`)
}

async function open({ port, connections: count, requests }: LoadCall & { type: 'open' }): Promise<LoadReport> {
  const encoded = requests.map((request) => encode(request, port))
  connections = await Promise.all(Array.from({ length: count }, (_, index) => Connection.open(port, encoded, index)))
  return nothing
}

async function run({ duration }: LoadCall & { type: 'run' }): Promise<LoadReport> {
  const latencies: number[] = []
  const refused = new Set<number>()
  const startedAt = performance.now()
  const endsAt = startedAt + duration
  await Promise.all(
    connections.map((connection) =>
      connection.run((status, elapsedMs) => {
        if (status < 200 || status > 299) refused.add(status)
        latencies.push(elapsedMs)
        return performance.now() < endsAt
      }),
    ),
  )
  const elapsedMs = performance.now() - startedAt
  if (refused.size > 0) return { ...nothing, failed: `answered ${[...refused].join(', ')} under load` }
  return { answers: latencies.length, elapsedMs, p50: median(latencies), p99: quantile(latencies, 0.99) }
}

async function handle(call: LoadCall): Promise<LoadReport> {
  if (call.type === 'open') return open(call)
  if (call.type === 'run') return run(call)
  for (const connection of connections) connection.close()
  return nothing
}

process.on('message', (call: LoadCall) => {
  handle(call).then(
    (report) => process.send?.(report),
    (error: Error) => process.send?.({ ...nothing, failed: error.message } satisfies LoadReport),
  )
})
process.on('disconnect', () => process.exit(0))
process.send?.(nothing)
