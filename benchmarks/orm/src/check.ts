import { isDeepStrictEqual } from 'node:util'
import type { Worker } from './processes.ts'
import type { Target } from './target.ts'
import { type Workload, type WorkloadName, workloads } from './workloads.ts'

/** Numbers of operations no slice begins with, from the range's start, middle and end. */
const checked = [0, 1, 517, 998]

/** What a contender's operations gave or left in the database that is not as it must be, one line each. */
export async function wrongResults(workload: WorkloadName, worker: Pick<Worker, 'call'>, target: Target): Promise<string[]> {
  const { expected, effect }: Workload = workloads[workload]
  const wrong: string[] = []
  for (const index of checked) {
    const result = await worker.call({ type: 'check', index })
    if (expected) wrong.push(...difference(index, result, expected(index)))
    const damage = await effect?.(target, index, result)
    if (damage !== undefined) wrong.push(`operation ${index} ${damage}`)
    await target.reset()
  }
  return wrong
}

function difference(index: number, actual: unknown, expected: unknown): string[] {
  return isDeepStrictEqual(actual, expected) ? [] : [`operation ${index} gave ${excerpt(actual)} instead of ${excerpt(expected)}`]
}

function excerpt(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 300)
}
