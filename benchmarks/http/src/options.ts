import { parseArgs } from 'node:util'
import { count, list } from '@covet-benchmarks/common/command'
import { type ContenderName, contenderNames } from './contenders/registry.ts'
import { type WorkloadName, workloadNames } from './workloads.ts'

export interface MeasureOptions {
  /** Rounds; in each every contender has one slice. */
  rounds: number
  /** Length of a slice in milliseconds. */
  slice: number
  /** Load before the first slice of a process, in milliseconds. */
  warmup: number
  /** Processes are started anew after this many rounds: one process's luck with its memory layout must not decide. */
  fresh: number
  connections: number
  /** Flags for the contenders' Node, e.g. `--cpu-prof`. */
  nodeFlags: readonly string[]
}

export interface RunOptions extends MeasureOptions {
  workloads: readonly WorkloadName[]
  contenders: readonly ContenderName[]
  verdict: boolean
  /** How often the verdict may be measured until its control holds. */
  attempts: number
  write: boolean
}

export const usage = `pnpm --filter @covet-benchmarks/http start [options]

  --workload hello,user      which workloads (${workloadNames.join(', ')})
  --contenders covet,fastify which contenders, by name
  --rounds 15                interleaved rounds
  --slice 1000               milliseconds of load per contender and round, at most 5000
  --warmup 5000              milliseconds of load before the first slice of a process
  --fresh 5                  start the processes anew after this many rounds
  --connections 64           keep-alive connections, one request at a time on each
  --node-flag --cpu-prof     a flag for the contenders' Node (repeatable)
  --verdict                  head to head: Covet against its two bounds, with controls
  --attempts 5               how often --verdict measures until its control is within 0.01
  --write                    write results.json and the tables in README.md`

const flags = {
  workload: { type: 'string' },
  contenders: { type: 'string' },
  rounds: { type: 'string', default: '15' },
  slice: { type: 'string', default: '1000' },
  warmup: { type: 'string', default: '5000' },
  fresh: { type: 'string', default: '5' },
  connections: { type: 'string', default: '64' },
  'node-flag': { type: 'string', multiple: true, default: [] as string[] },
  verdict: { type: 'boolean', default: false },
  attempts: { type: 'string', default: '5' },
  write: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

/** Undefined when help was asked for. */
export function parseOptions(args: readonly string[]): RunOptions | undefined {
  const { values } = parseArgs({ args: [...args], options: flags })
  if (values.help) return undefined
  return {
    workloads: list(values.workload, workloadNames),
    contenders: list(
      values.contenders,
      contenderNames,
      contenderNames.filter((name) => !name.endsWith(' again')),
    ),
    rounds: count('rounds', values.rounds),
    slice: count('slice', values.slice, longestRun),
    warmup: count('warmup', values.warmup, longestRun),
    fresh: count('fresh', values.fresh),
    connections: count('connections', values.connections),
    nodeFlags: values['node-flag'],
    verdict: values.verdict,
    attempts: count('attempts', values.attempts),
    write: values.write,
  }
}

/** Covet closes a connection after 10,000 requests; the load opens its connections once per slice. */
const longestRun = 5_000
