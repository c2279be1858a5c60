import type { Machine } from '@covet-benchmarks/common/machine'
import { median, pairedSpeed, type Spread } from '@covet-benchmarks/common/statistics'
import { renderVersions, table } from '@covet-benchmarks/common/table'
import type { ContenderName } from './contenders/registry.ts'
import type { Measurement } from './measure.ts'
import type { MeasureOptions } from './options.ts'
import { type WorkloadName, workloads } from './workloads.ts'

export interface ResultRow {
  contender: ContenderName
  /** Speed by CPU time per answer, 1 is as fast as the reference. */
  speed: Spread
  /** The same against plain Fastify, when it took part. */
  ofFastify?: Spread
  cpu: number
  answersPerSecond: number
  p50: number
  p99: number
  rss: number
}

export interface Results {
  machine: Machine
  options: MeasureOptions
  versions: Readonly<Record<string, string>>
  /** What `speed` is measured against. */
  reference: ContenderName
  workloads: Partial<Record<WorkloadName, readonly ResultRow[]>>
}

/** Rows in the order measured. */
export function toRows(measurement: Measurement, reference: ContenderName): ResultRow[] {
  const cost = (name: ContenderName): number[] | undefined => measurement.get(name)?.map(({ cpu }) => cpu)
  const [referenceCosts, fastifyCosts] = [cost(reference) ?? [], cost('fastify')]
  return [...measurement].map(([contender, slices]) => {
    const costs = slices.map(({ cpu }) => cpu)
    return {
      contender,
      speed: pairedSpeed(referenceCosts, costs),
      ...(fastifyCosts && { ofFastify: pairedSpeed(fastifyCosts, costs) }),
      cpu: median(costs),
      answersPerSecond: median(slices.map(({ answersPerSecond }) => answersPerSecond)),
      p50: median(slices.map(({ p50 }) => p50)),
      p99: median(slices.map(({ p99 }) => p99)),
      rss: median(slices.map(({ rss }) => rss)),
    }
  })
}

export function formatSpeed({ median: middle, low, high }: Spread, digits = 2): string {
  return `${middle.toFixed(digits)} (${low.toFixed(digits)}–${high.toFixed(digits)})`
}

export function renderResults({ machine, options, versions, reference, workloads: results }: Results): string {
  const names = Object.keys(results) as WorkloadName[]
  const sections = names.map((name) => `### ${workloads[name].title}\n\n${renderDetails(results[name] ?? [], reference)}`)
  return [
    `${machine.date}, Node ${machine.node}, ${machine.os}, ${machine.cores} cores (${machine.cpu})${machine.pinned ? ', contender and load pinned to one each' : ', not pinned'}, load before the run ${machine.load}; ${options.rounds} rounds of ${options.slice} ms, ${options.connections} connections.`,
    renderRatios(names, results, reference),
    ...sections,
    renderVersions(versions),
  ].join('\n\n')
}

/** One row per contender, one column per workload. */
function renderRatios(names: readonly WorkloadName[], results: Results['workloads'], reference: ContenderName): string {
  const rows = new Set(names.flatMap((name) => (results[name] ?? []).map(({ contender }) => contender)))
  const cell = (contender: ContenderName, name: WorkloadName): string => {
    const row = results[name]?.find((candidate) => candidate.contender === contender)
    return row ? formatSpeed(row.speed) : '–'
  }
  return table(
    [`speed, ${reference} is 1 (quartiles)`, ...names.map((name) => workloads[name].title)],
    [...rows].map((contender) => [contender, ...names.map((name) => cell(contender, name))]),
  )
}

function renderDetails(rows: readonly ResultRow[], reference: ContenderName): string {
  const details = rows.map(({ contender, speed, ofFastify, cpu, answersPerSecond, p50, p99, rss }) => [
    contender,
    formatSpeed(speed),
    ofFastify ? formatSpeed(ofFastify) : '–',
    cpu.toFixed(1),
    Math.round(answersPerSecond).toLocaleString('en'),
    p50.toFixed(2),
    p99.toFixed(2),
    String(Math.round(rss / 1_048_576)),
  ])
  return table(['', `of ${reference}`, 'of fastify', 'CPU µs/answer', 'answers/s', 'p50 ms', 'p99 ms', 'resident MB'], details)
}
