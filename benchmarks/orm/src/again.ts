import { type Engine, engines } from './contract.ts'
import type { EngineResults, Results } from './report.ts'
import { type WorkloadName, workloadNames } from './workloads.ts'

/** What was measured after the rest, and how. */
export interface Again {
  readonly what: readonly string[]
  readonly date: string
  readonly load: number
  readonly rounds: number
}

type WithContenders = readonly { readonly contender: string }[]

/**
 * The record with what a run measured in the place of what it had for the same workloads. A row is of one run, all who take
 * part in it side by side.
 * @throws {Error} of another machine or other versions, and without somebody the record has
 */
export function measuredAgain(recorded: Results, now: Results): Results {
  assertAlike(recorded, now)
  const what: string[] = []
  const replace = <T extends WithContenders>(name: string, before: T | undefined, rows: T): T => {
    const missing = (before ?? []).filter(({ contender }) => !rows.some((row) => row.contender === contender))
    if (missing.length > 0)
      throw new Error(`${name} was measured without ${missing.map(({ contender }) => contender).join(', ')}, whom the record has.`)
    what.push(name)
    return rows
  }
  const ofEngine = (engine: Engine): EngineResults => {
    const [before, after] = [recorded.engines[engine] ?? {}, now.engines[engine] ?? {}]
    const measured = (workload: WorkloadName): EngineResults => {
      const rows = after[workload]
      if (rows) return { [workload]: replace(`${engine} ${workload}`, before[workload], rows) }
      return before[workload] ? { [workload]: before[workload] } : {}
    }
    return Object.assign({}, ...workloadNames.map(measured)) as EngineResults
  }
  const http = { ...recorded.http }
  for (const [count, rows] of Object.entries(now.http ?? {})) http[count] = replace(`${count} rows to HTTP`, http[count], rows)
  const known = engines.filter((engine) => recorded.engines[engine] ?? now.engines[engine])
  return {
    ...recorded,
    engines: Object.fromEntries(known.map((engine) => [engine, ofEngine(engine)])),
    http,
    again: [...stillTrue(recorded.again ?? [], what), { what, ...how(now) }],
  }
}

function how({ machine: { date, load }, options: { rounds } }: Results): Omit<Again, 'what'> {
  return { date, load, rounds }
}

function stillTrue(before: readonly Again[], what: readonly string[]): Again[] {
  return before
    .map((again) => ({ ...again, what: again.what.filter((name) => !what.includes(name)) }))
    .filter((again) => again.what.length > 0)
}

function assertAlike(recorded: Results, now: Results): void {
  for (const key of ['cpu', 'cores', 'os', 'node', 'pinned'] as const)
    if (recorded.machine[key] !== now.machine[key])
      throw new Error(
        `The record is of another machine (${key} ${recorded.machine[key]}, here ${now.machine[key]}): run the whole benchmark.`,
      )
  for (const [name, version] of Object.entries(now.versions))
    if (recorded.versions[name] !== version)
      throw new Error(`The record is of ${name} ${recorded.versions[name]}, here is ${version}: run the whole benchmark.`)
}

export function renderAgain(again: readonly Again[]): string {
  return again
    .map(({ what, date, load, rounds }) => `Measured again on ${date} (load before ${load}, ${rounds} rounds): ${what.join(', ')}.`)
    .join(' ')
}
