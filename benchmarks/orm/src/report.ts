import type { Machine } from '@covet-benchmarks/common/machine'
import { median, pairedSpeed, type Spread } from '@covet-benchmarks/common/statistics'
import { renderVersions, table } from '@covet-benchmarks/common/table'
import { type ContenderName, contenders, floor, type Kind } from './contenders/registry.ts'
import type { Engine } from './contract.ts'
import type { HttpRow } from './http/measure.ts'
import type { Measurement } from './measure.ts'
import type { MeasureOptions } from './options.ts'
import { type WorkloadName, workloadNames, workloads } from './workloads.ts'

export interface Row {
  contender: ContenderName
  kind: Kind
  /** Speed by CPU time per operation against the floor: 1 is as fast. */
  speed: Spread
  /** The same by wall time. */
  wallSpeed: Spread
  /** Microseconds per operation. */
  cpu: number
  wall: number
  p50: number
  p99: number
  /** Bytes. */
  rss: number
  heap: number
}

/** What the floor is and was compared with, on one engine. */
export type EngineResults = Partial<Record<WorkloadName, readonly Row[]>>

export interface Results {
  machine: Machine
  /** Of which state of the code. */
  code: string
  options: Omit<MeasureOptions, 'random' | 'signal'>
  versions: Readonly<Record<string, string>>
  engines: Partial<Record<Engine, EngineResults>>
  http?: Readonly<Record<string, readonly HttpRow[]>>
  /** Those of the rows that a later run measured. */
  again?: readonly Again[]
}

/** What was measured after the rest, and how. */
export interface Again {
  readonly what: readonly Replaced[]
  readonly date: string
  readonly load: number
  readonly rounds: number
}

/** @param before Covet's speeds so far, the oldest first */
export interface Replaced {
  readonly name: string
  readonly before: readonly number[]
}

/** Rows in the order measured. */
export function toRows(measurement: Measurement): Row[] {
  const reference = new Map(measurement.get(floor)?.map((slice) => [slice.round, slice]))
  return [...measurement].map(([contender, slices]) => {
    const of = (figure: 'cpu' | 'wall' | 'p50' | 'p99' | 'rss' | 'heap'): number => median(slices.map((slice) => slice[figure]))
    const speedBy = (figure: 'cpu' | 'wall'): Spread =>
      pairedSpeed(
        slices.map(({ round }) => reference.get(round)?.[figure] ?? Number.NaN),
        slices.map((slice) => slice[figure]),
      )
    return {
      contender,
      kind: contenders[contender].kind,
      speed: speedBy('cpu'),
      wallSpeed: speedBy('wall'),
      cpu: of('cpu'),
      wall: of('wall'),
      p50: of('p50'),
      p99: of('p99'),
      rss: of('rss'),
      heap: of('heap'),
    }
  })
}

const titles: Readonly<Record<Engine, string>> = { sqlite: 'SQLite', postgres: 'PostgreSQL' }

export function renderResults({ machine, code, options, versions, engines, http, again }: Results): string {
  const parts = [
    describeRun(machine, code, options),
    ...(again ? [renderAgain(again)] : []),
    ...(Object.keys(engines) as Engine[]).map((engine) => renderEngine(engine, engines[engine] ?? {})),
    ...(http ? [renderHttp(http)] : []),
    renderVersions(versions),
  ]
  return parts.join('\n\n')
}

function describeRun(machine: Machine, code: string, { rounds, others, slice, warmup }: Results['options']): string {
  const pinned = machine.pinned ? ', contenders pinned to one' : ', not pinned'
  return `${machine.date}, Node ${machine.node}, ${machine.os}, ${machine.cores} cores (${machine.cpu})${pinned}, load before the run ${machine.load}; ${rounds} rounds of ${slice} ms after ${warmup} ms of warm-up, ORMs and builders as they come in one round of ${others}; code ${code}.`
}

function renderAgain(again: readonly Again[]): string {
  const named = ({ name, before }: Replaced): string =>
    before.length === 0 ? name : `${name} (before ${before.map(formatRatio).join(', ')})`
  return again
    .map(
      ({ what, date, load, rounds }) => `Measured again on ${date}, load before ${load}, ${rounds} rounds: ${what.map(named).join('; ')}.`,
    )
    .join(' ')
}

function renderEngine(engine: Engine, results: EngineResults): string {
  const names = workloadNames.filter((name) => results[name])
  const rows = new Set(names.flatMap((name) => (results[name] ?? []).map(({ contender }) => contender)))
  const cell = (contender: ContenderName, name: WorkloadName): string => {
    const row = results[name]?.find((candidate) => candidate.contender === contender)
    return row ? `${formatRatio(row.speed.median)} (${formatRatio(row.wallSpeed.median)})` : '–'
  }
  const ratios = table(
    ['speed by CPU (by wall)', ...names],
    [...rows].map((contender) => [contender, ...names.map((name) => cell(contender, name))]),
  )
  const details = names.map((name) => `#### ${titles[engine]}: ${workloads[name].title}\n\n${renderDetails(results[name] ?? [])}`)
  return [`### ${titles[engine]}`, ratios, ...details].join('\n\n')
}

function renderDetails(rows: readonly Row[]): string {
  const details = rows.map(({ contender, speed, cpu, wall, p50, p99, rss, heap }) => [
    contender,
    `${formatRatio(speed.median)} (${formatRatio(speed.low)}–${formatRatio(speed.high)})`,
    formatTime(cpu),
    formatTime(wall),
    formatTime(p50),
    formatTime(p99),
    formatMegabytes(rss),
    heap === 0 ? '–' : formatMegabytes(heap),
  ])
  return table(['', 'speed (quartiles)', 'CPU µs', 'wall µs', 'p50 µs', 'p99 µs', 'peak resident MB', 'heap MB'], details)
}

function renderHttp(http: Readonly<Record<string, readonly HttpRow[]>>): string {
  const counts = Object.keys(http)
  const rows = new Set(counts.flatMap((count) => (http[count] ?? []).map(({ contender }) => contender)))
  const cell = (contender: string, count: string): string => {
    const row = http[count]?.find((candidate) => candidate.contender === contender)
    return row ? `${formatTime(row.cpu)} (${formatRatio(row.speed.median)}×)` : '–'
  }
  return [
    '### Rows to HTTP',
    'CPU µs of the server process per answer, in brackets the speed against `pg + JSON.stringify`.',
    table(
      ['', ...counts.map((count) => `${count} ${count === '1' ? 'row' : 'rows'}`)],
      [...rows].map((contender) => [contender, ...counts.map((count) => cell(contender, count))]),
    ),
  ].join('\n\n')
}

export function formatRatio(value: number): string {
  return value < 0.1 ? value.toFixed(3) : value.toFixed(2)
}

function formatTime(microseconds: number): string {
  return microseconds < 100 ? microseconds.toFixed(1) : Math.round(microseconds).toLocaleString('en')
}

function formatMegabytes(bytes: number): string {
  return (bytes / 1_048_576).toFixed(0)
}
