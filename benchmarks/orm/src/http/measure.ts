import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import type { Cores } from '@covet-benchmarks/common/machine'
import { median, pairedSpeed, type Spread } from '@covet-benchmarks/common/statistics'
import { poolSize } from '../contract.ts'
import { items } from '../data.ts'
import { shuffled } from '../measure.ts'
import type { MeasureOptions } from '../options.ts'
import { startWorker, type Worker } from '../processes.ts'
import type { Targets } from '../target.ts'
import type { LoadReport } from './load-process.ts'
import { plainServer, type ServerName, serverNames } from './registry.ts'
import type { Usage } from './server-process.ts'

export { plainServer } from './registry.ts'

export interface HttpRow {
  contender: ServerName
  speed: Spread
  /** CPU time of the server process per answer, in microseconds. */
  cpu: number
  answersPerSecond: number
  /** Microseconds, seen by the load. */
  p50: number
  p99: number
  /** Bytes. */
  rss: number
}

type Slice = Pick<HttpRow, 'cpu' | 'answersPerSecond' | 'p50' | 'p99' | 'rss'>

interface Running {
  name: ServerName
  worker: Worker
  port: number
}

type OnRound = (what: string, round: number, rounds: number) => void

/** Servers in turn under the load of 8 connections, on one database that is only read. By rows per answer. */
export async function measureHttp(
  rowCounts: readonly number[],
  options: MeasureOptions,
  cores: Cores,
  targets: Targets,
  onRound: OnRound,
): Promise<Record<string, HttpRow[]>> {
  const { url } = await targets.open('postgres')
  const { worker: load } = await startWorker(program('load-process.ts'), { core: cores.other })
  try {
    const results: Record<string, HttpRow[]> = {}
    for (const rows of rowCounts) results[rows] = toRows(await measureRows(rows, url, load, options, cores, onRound))
    return results
  } finally {
    await load.stop()
  }
}

async function measureRows(
  rows: number,
  url: string,
  load: Worker,
  options: MeasureOptions,
  cores: Cores,
  onRound: OnRound,
): Promise<Map<ServerName, Slice[]>> {
  const slices = new Map<ServerName, Slice[]>(serverNames.map((name) => [name, []]))
  const running: Running[] = []
  try {
    for (const name of serverNames) running.push(await startServer(name, url, rows, cores))
    // By the clock, of which a server gets half: the load and PostgreSQL have the rest.
    for (const server of running) await runSlice(server, load, 2 * options.warmup, options)
    for (let round = 1; round <= options.rounds; round++) {
      for (const server of shuffled(running, options.random))
        slices.get(server.name)?.push(await runSlice(server, load, options.slice, options))
      onRound(`http ${rows} rows`, round, options.rounds)
    }
  } finally {
    await Promise.all(running.map(({ worker }) => worker.stop()))
  }
  return slices
}

async function startServer(name: ServerName, url: string, rows: number, cores: Cores): Promise<Running> {
  const { worker, first } = await startWorker([...program('server-process.ts'), name, url, String(rows)], { core: cores.contender })
  const { port } = first as Usage
  const answer = await fetch(`http://127.0.0.1:${port}/items`)
  const wrong = wrongAnswer(answer.status, await answer.text(), rows)
  if (wrong === undefined) return { name, worker, port }
  await worker.stop()
  throw new Error(`${name} with ${rows} rows: ${wrong}`)
}

/** What is wrong with the answer; undefined when it holds the rows, whatever the order of an object's members. */
export function wrongAnswer(status: number, body: string, rows: number): string | undefined {
  if (status !== 200) return `status ${status}: ${body.slice(0, 200)}`
  const parsed = parse(body)
  return isDeepStrictEqual(parsed, items(rows)) ? undefined : `other rows than those of the table: ${body.slice(0, 200)}`
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

async function runSlice({ worker, port }: Running, load: Worker, duration: number, { signal }: MeasureOptions): Promise<Slice> {
  signal.throwIfAborted()
  const before = (await worker.call({})) as Usage
  const report = (await load.call({ port, duration, connections: poolSize })) as LoadReport
  const after = (await worker.call({})) as Usage
  return {
    cpu: (after.cpu - before.cpu) / report.answers,
    answersPerSecond: report.answers / (report.elapsed / 1000),
    p50: report.p50,
    p99: report.p99,
    rss: after.rss,
  }
}

function toRows(slices: ReadonlyMap<ServerName, readonly Slice[]>): HttpRow[] {
  const reference = (slices.get(plainServer) ?? []).map(({ cpu }) => cpu)
  return [...slices].map(([contender, own]) => {
    const of = (figure: keyof Slice): number => median(own.map((slice) => slice[figure]))
    return {
      contender,
      speed: pairedSpeed(
        reference,
        own.map(({ cpu }) => cpu),
      ),
      cpu: of('cpu'),
      answersPerSecond: of('answersPerSecond'),
      p50: of('p50'),
      p99: of('p99'),
      rss: of('rss'),
    }
  })
}

function program(module: string): string[] {
  return [process.execPath, fileURLToPath(new URL(module, import.meta.url))]
}
