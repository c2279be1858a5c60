import type { Cores, Machine } from '@covet-benchmarks/common/machine'
import type { ContenderName } from './contenders/registry.ts'
import { measure } from './measure.ts'
import type { MeasureOptions } from './options.ts'
import { formatSpeed, type ResultRow, toRows } from './report.ts'
import { type WorkloadName, workloads } from './workloads.ts'

/** A promise about Covet's speed against a reference, believed only when the reference equals itself in the same rounds. */
export interface Bound {
  workload: WorkloadName
  reference: ContenderName
  control: ContenderName
  atLeast: number
}

export const bounds: readonly Bound[] = [
  { workload: 'hello', reference: 'fastify', control: 'fastify again', atLeast: 0.96 },
  { workload: 'stack', reference: 'node:http', control: 'node:http again', atLeast: 0.85 },
]

/** How far the control may be from 1. */
export const controlTolerance = 0.01

export interface Verdict extends Bound {
  attempt: number
  controlHeld: boolean
  holds: boolean
  rows: readonly ResultRow[]
}

export function judge(bound: Bound, attempt: number, rows: readonly ResultRow[]): Verdict {
  const speedOf = (name: ContenderName): number => rows.find(({ contender }) => contender === name)?.speed.median ?? Number.NaN
  const controlHeld = Math.abs(speedOf(bound.control) - 1) <= controlTolerance
  return { ...bound, attempt, controlHeld, holds: controlHeld && speedOf('covet') >= bound.atLeast, rows }
}

/** Measures again until the control holds, at most `attempts` times; the last attempt is the verdict. */
export async function reachVerdict(
  bound: Bound,
  options: MeasureOptions & { attempts: number },
  cores: Cores,
  say: (line: string) => void,
): Promise<Verdict> {
  for (let attempt = 1; ; attempt++) {
    const measurement = await measure(bound.workload, [bound.reference, 'covet', bound.control], options, cores)
    const verdict = judge(bound, attempt, toRows(measurement, bound.reference))
    say(renderVerdict(verdict))
    if (verdict.controlHeld || attempt >= options.attempts) return verdict
  }
}

export function renderVerdict({ workload, reference, control, atLeast, attempt, controlHeld, holds, rows }: Verdict): string {
  const speed = (name: ContenderName): string => {
    const row = rows.find(({ contender }) => contender === name)
    return row ? formatSpeed(row.speed, 3) : '–'
  }
  const outcome = controlHeld ? (holds ? 'holds' : 'does not hold') : 'no verdict, the control is too far from 1'
  return `- ${workloads[workload].title}: Covet is ${speed('covet')} of ${reference}, bound ${atLeast}; control ${control} ${speed(control)}; attempt ${attempt}: **${outcome}**.`
}

export function renderVerdicts(verdicts: readonly Verdict[], machine: Machine, { rounds, slice }: MeasureOptions): string {
  return [
    `${machine.date}, Node ${machine.node}, ${machine.cpu}; ${rounds} rounds of ${slice} ms.`,
    verdicts.map(renderVerdict).join('\n'),
  ].join('\n\n')
}
