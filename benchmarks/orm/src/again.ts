import { type Engine, engines } from './contract.ts'
import type { Again, EngineResults, Replaced, Results } from './report.ts'
import { type WorkloadName, workloadNames } from './workloads.ts'

type Rows = readonly { readonly contender: string; readonly speed: { readonly median: number } }[]

/**
 * The record with what a run of the same code measured in the place of what it had for the same workloads: for a row that
 * something else on the machine disturbed. A row is of one run, all who take part in it side by side.
 * @throws {Error} of another machine, code or versions, by fewer rounds or shorter ones, and without somebody the record has
 */
export function measuredAgain(recorded: Results, now: Results): Results {
  assertAlike(recorded, now)
  const what: Replaced[] = []
  const replace = <T extends Rows>(name: string, before: T | undefined, rows: T): T => {
    const missing = (before ?? []).filter(({ contender }) => !rows.some((row) => row.contender === contender))
    if (missing.length > 0)
      throw new Error(`${name} was measured without ${missing.map(({ contender }) => contender).join(', ')}, whom the record has.`)
    what.push({ name, before: [...earlier(recorded, name), ...(before ? speedsOf(before) : [])] })
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

function earlier({ again = [] }: Results, name: string): readonly number[] {
  return again.flatMap(({ what }) => what).find((replaced) => replaced.name === name)?.before ?? []
}

/** Of all of Covet's ways the fastest counts. */
function speedsOf(rows: Rows): number[] {
  const speeds = rows.filter(({ contender }) => contender.startsWith('covet')).map(({ speed }) => speed.median)
  return speeds.length === 0 ? [] : [Math.max(...speeds)]
}

function how({ machine: { date, load }, options: { rounds } }: Results): Omit<Again, 'what'> {
  return { date, load, rounds }
}

function stillTrue(before: readonly Again[], now: readonly Replaced[]): Again[] {
  const isReplaced = ({ name }: Replaced): boolean => now.some((replaced) => replaced.name === name)
  return before
    .map((again) => ({ ...again, what: again.what.filter((replaced) => !isReplaced(replaced)) }))
    .filter(({ what }) => what.length > 0)
}

function assertAlike(recorded: Results, now: Results): void {
  const instead = 'Run the whole benchmark.'
  for (const key of ['cpu', 'cores', 'os', 'node', 'pinned'] as const)
    if (recorded.machine[key] !== now.machine[key])
      throw new Error(`The record is of another machine (${key} ${recorded.machine[key]}, here ${now.machine[key]}). ${instead}`)
  if (recorded.code !== now.code) throw new Error(`The record is of other code (${recorded.code}, here is ${now.code}). ${instead}`)
  for (const [name, version] of Object.entries(now.versions))
    if (recorded.versions[name] !== version)
      throw new Error(`The record is of ${name} ${recorded.versions[name]}, here is ${version}. ${instead}`)
  for (const key of ['slice', 'warmup', 'fresh', 'others'] as const)
    if (recorded.options[key] !== now.options[key])
      throw new Error(`The record has ${key} ${recorded.options[key]}, this run ${now.options[key]}.`)
  if (now.options.rounds < recorded.options.rounds)
    throw new Error(`The record has ${recorded.options.rounds} rounds, this run ${now.options.rounds}: as many at least, please.`)
}
