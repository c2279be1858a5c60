import type { Cores } from '@covet-benchmarks/common/machine'
import { wrongResults } from './check.ts'
import { type ContenderName, contenders, programOf } from './contenders/registry.ts'
import type { Engine } from './contract.ts'
import type { Slice } from './loop.ts'
import type { MeasureOptions } from './options.ts'
import { startWorker, type Worker } from './processes.ts'
import type { Target, Targets } from './target.ts'
import type { WorkloadName } from './workloads.ts'

/** A slice, and the round that it was in. */
export type Measured = Slice & { readonly round: number }

/** Every contender's slices in the order of the rounds. */
export type Measurement = ReadonlyMap<ContenderName, readonly Measured[]>

interface Running {
  name: ContenderName
  worker: Worker
  target: Target
}

export interface Plan {
  engine: Engine
  workload: WorkloadName
  names: readonly ContenderName[]
  targets: Map<ContenderName, Target>
  options: MeasureOptions
  cores: Cores
  onRound?: (round: number) => void
}

/** Runs the contenders in turn, in short slices within rounds, so that the machine's drift hits all alike. */
export async function measure({ engine, workload, names, targets, options, cores, onRound }: Plan): Promise<Measurement> {
  const slices = new Map<ContenderName, Measured[]>()
  let running: Running[] = []
  try {
    for (let round = 0; round < options.rounds; round++) {
      if (round % options.fresh === 0) {
        await stopAll(running)
        running = []
        for (const name of names) {
          const started = await startContender(name, engine, workload, targets.get(name) as Target, cores)
          if (started) running.push(started)
        }
        for (const contender of running) await runSlice(contender, options.warmup, options)
      }
      const taking = running.filter(({ name }) => round % options.others === 0 || isClose(name))
      for (const contender of shuffled(taking, options.random)) {
        const slice = await runSlice(contender, options.slice, options)
        slices.set(contender.name, [...(slices.get(contender.name) ?? []), { ...slice, round }])
      }
      onRound?.(round + 1)
    }
  } finally {
    await stopAll(running)
  }
  // In the order asked for, not in that of the first shuffled round.
  return new Map(names.flatMap((name) => (slices.has(name) ? [[name, slices.get(name) as Measured[]]] : [])))
}

/** Whether a few percent decide about what it is compared with. */
function isClose(name: ContenderName): boolean {
  const { kind } = contenders[name]
  return kind === 'floor' || kind === 'covet' || kind === 'reference'
}

/** The contender ready to run and found right; undefined when it has nothing for the workload. */
async function startContender(
  name: ContenderName,
  engine: Engine,
  workload: WorkloadName,
  target: Target,
  cores: Cores,
): Promise<Running | undefined> {
  const { worker, first: takesPart } = await startWorker([...programOf(name), name, engine, target.url, workload], {
    core: cores.contender,
  })
  const wrong = takesPart === true ? await wrongResults(workload, worker, target) : []
  if (takesPart === true && wrong.length === 0) return { name, worker, target }
  await worker.stop()
  if (takesPart !== true) return undefined
  throw new Error(`${name} on ${engine} does not do '${workload}' as it must:\n  ${wrong.join('\n  ')}`)
}

async function stopAll(running: readonly Running[]): Promise<void> {
  await Promise.all(running.map(({ worker }) => worker.stop()))
}

async function runSlice({ worker, target }: Running, duration: number, { signal }: MeasureOptions): Promise<Slice> {
  signal.throwIfAborted()
  const slice = (await worker.call({ type: 'run', duration })) as Slice
  await target.reset()
  return slice
}

/** Fisher and Yates: nobody always runs after the same neighbour. */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const order = [...items]
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    ;[order[last], order[other]] = [order[other] as T, order[last] as T]
  }
  return order
}

/** One database per contender: nobody's writes, indexes or vacuum are another's. */
export async function openTargets(engine: Engine, names: readonly ContenderName[], targets: Targets): Promise<Map<ContenderName, Target>> {
  const opened = new Map<ContenderName, Target>()
  for (const name of names) opened.set(name, await targets.open(engine))
  return opened
}
