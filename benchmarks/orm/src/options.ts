import { parseArgs } from 'node:util'
import { count, list } from '@covet-benchmarks/common/command'
import { type ContenderName, contenderNames, usualContenders } from './contenders/registry.ts'
import { engines as allEngines, type Engine } from './contract.ts'
import { rowCounts } from './http/registry.ts'
import { type WorkloadName, workloadNames } from './workloads.ts'

export interface MeasureOptions {
  /** Rounds; in each the floor, Covet and the references have one slice. */
  rounds: number
  /** The others, from which they are far away, have one in every round of so many. */
  others: number
  /** Length of a slice in milliseconds of the contender's CPU. */
  slice: number
  /** Of the first slice of a process, which is thrown away, in the same: compiled code is there only after two seconds or so. */
  warmup: number
  /** Processes are started anew after this many rounds: one process's luck with its memory layout must not decide. */
  fresh: number
  /** From 0 to below 1; decides the order of a round. */
  random: () => number
  /** Ends the run between two slices. */
  signal: AbortSignal
}

export interface RunOptions extends MeasureOptions {
  engines: readonly Engine[]
  workloads: readonly WorkloadName[]
  contenders: readonly ContenderName[]
  /** Rows per answer of the comparison over HTTP; none leaves it out. */
  http: readonly number[]
  verdict: boolean
  write: boolean
}

export const usage = `pnpm --filter @covet-benchmarks/orm start [options]

  --engine sqlite,postgres   which engines; none leaves only --http
  --workload select-pk       which workloads (${workloadNames.join(', ')})
  --contender raw,kysely     which contenders, by name; the floor always runs
  --http 1,10,100,1000       rows per answer of the comparison over HTTP (PostgreSQL); none leaves it out
  --rounds 16                interleaved rounds
  --others 3                 ORMs and builders as they come take part in every round of so many
  --slice 250                milliseconds of CPU per contender and round
  --warmup 2500              milliseconds of CPU before the first slice of a process
  --fresh 8                  start the processes anew after this many rounds
  --verdict                  hold Covet to its bounds; ends with 1 when one does not hold
  --write                    write results.json and the tables in README.md; of some workloads, in the place of those in the record`

const flags = {
  engine: { type: 'string', default: allEngines.join(',') },
  workload: { type: 'string' },
  contender: { type: 'string' },
  http: { type: 'string', default: rowCounts.join(',') },
  rounds: { type: 'string', default: '16' },
  others: { type: 'string', default: '3' },
  slice: { type: 'string', default: '250' },
  warmup: { type: 'string', default: '2500' },
  fresh: { type: 'string', default: '8' },
  verdict: { type: 'boolean', default: false },
  write: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

/** Undefined when help was asked for. */
export function parseOptions(args: readonly string[], signal: AbortSignal = new AbortController().signal): RunOptions | undefined {
  const { values } = parseArgs({ args: [...args], options: flags })
  if (values.help) return undefined
  return {
    engines: listOrNone(values.engine, allEngines),
    workloads: listOrNone(values.workload, workloadNames),
    contenders: listOrNone(values.contender, contenderNames, usualContenders),
    http: listOrNone(values.http, rowCounts.map(String)).map(Number),
    rounds: count('rounds', values.rounds),
    others: count('others', values.others),
    slice: count('slice', values.slice),
    warmup: count('warmup', values.warmup),
    fresh: count('fresh', values.fresh),
    random: Math.random,
    signal,
    verdict: values.verdict,
    write: values.write,
  }
}

function listOrNone<T extends string>(value: string | undefined, known: readonly T[], byDefault: readonly T[] = known): readonly T[] {
  return value === 'none' ? [] : list(value, known, byDefault)
}
