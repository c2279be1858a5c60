import type { Cores } from '@covet-benchmarks/common/machine'
import type { ContenderName } from './contenders/registry.ts'
import type { Usage } from './contender-process.ts'
import type { LoadCall, LoadReport } from './load/load-process.ts'
import type { MeasureOptions } from './options.ts'
import { startWorker, type Worker } from './processes.ts'
import { type WorkloadName, workloads } from './workloads.ts'
import { wrongAnswers } from './check.ts'

export interface Slice {
  /** CPU time of the contender's process per answer, in microseconds. */
  cpu: number
  answersPerSecond: number
  p50: number
  p99: number
  /** Resident memory in bytes at the end of the slice. */
  rss: number
}

/** Every contender's slices, one per round, in the order of the rounds. */
export type Measurement = ReadonlyMap<ContenderName, readonly Slice[]>

type Load = Worker<LoadCall, LoadReport>
interface Running {
  name: ContenderName
  port: number
  worker: Worker<object, Usage>
}

/** Runs the contenders in turn, in short slices within rounds, so that the machine's drift hits all alike. */
export async function measure(
  workload: WorkloadName,
  names: readonly ContenderName[],
  options: MeasureOptions,
  cores: Cores,
  onRound: (round: number) => void = () => {},
): Promise<Measurement> {
  const slices = new Map<ContenderName, Slice[]>(names.map((name) => [name, []]))
  const { worker: load } = await startWorker<LoadCall, LoadReport>('./load/load-process.ts', { core: cores.other })
  let running: Running[] = []
  try {
    for (let round = 0; round < options.rounds; round++) {
      if (round % options.fresh === 0) {
        await stopAll(running)
        running = []
        for (const name of names) running.push(await startContender(name, workload, options, cores))
        for (const contender of running) await runSlice(contender, load, workload, options, options.warmup)
      }
      for (const contender of inTurn(running, round)) {
        slices.get(contender.name)?.push(await runSlice(contender, load, workload, options, options.slice))
      }
      onRound(round + 1)
    }
  } finally {
    await stopAll(running)
    await load.stop()
  }
  return slices
}

async function startContender(name: ContenderName, workload: WorkloadName, { nodeFlags }: MeasureOptions, cores: Cores): Promise<Running> {
  const { worker, first } = await startWorker<object, Usage>('./contender-process.ts', {
    core: cores.contender,
    nodeFlags,
    args: [name, workload],
  })
  const wrong = await wrongAnswers(first.port, workloads[workload])
  if (wrong.length > 0) {
    await worker.stop()
    throw new Error(`${name} does not answer '${workload}' as it must:\n  ${wrong.join('\n  ')}`)
  }
  return { name, port: first.port, worker }
}

async function stopAll(running: readonly Running[]): Promise<void> {
  await Promise.all(running.map(({ worker }) => worker.stop()))
}

/** Another contender first in each round, and every second round backwards: nobody always runs after the same neighbour. */
export function inTurn<T>(items: readonly T[], round: number): T[] {
  const ordered = round % 2 === 0 ? items : items.toReversed()
  const first = round % items.length
  return [...ordered.slice(first), ...ordered.slice(0, first)]
}

async function runSlice(
  { name, port, worker }: Running,
  load: Load,
  workload: WorkloadName,
  options: MeasureOptions,
  duration: number,
): Promise<Slice> {
  const { connections } = options
  await callLoad(name, load, { type: 'open', port, connections, requests: workloads[workload].requests })
  const before = await worker.call({})
  const report = await callLoad(name, load, { type: 'run', duration })
  const after = await worker.call({})
  await callLoad(name, load, { type: 'close' })
  return {
    cpu: (after.cpu - before.cpu) / report.answers,
    answersPerSecond: report.answers / (report.elapsedMs / 1000),
    p50: report.p50,
    p99: report.p99,
    rss: after.rss,
  }
}

async function callLoad(name: ContenderName, load: Load, call: LoadCall): Promise<LoadReport> {
  const report = await load.call(call)
  if (report.failed !== undefined) throw new Error(`${name}: ${report.failed}`)
  return report
}
