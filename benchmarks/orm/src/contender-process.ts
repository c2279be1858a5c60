// The process of one contender: connects, then answers what an operation gives and what a slice of them costs.
import { canonical } from './canonical.ts'
import { isContenderName, nodeContender } from './contenders/registry.ts'
import { type Engine, engines, type OpenContender, poolSize } from './contract.ts'
import { type Operation, runSlice } from './loop.ts'
import { serve } from './serve.ts'
import { isWorkloadName, type WorkloadName, workloads } from './workloads.ts'

export type ContenderCall = { type: 'check'; index: number } | { type: 'run'; duration: number }

const [name = '', engine = '', target = '', workload = ''] = process.argv.slice(2)
if (!isContenderName(name) || !isWorkloadName(workload) || !isEngine(engine))
  throw new Error(`No '${name}' with '${workload}' on '${engine}'.`)

const contender = await (await nodeContender(name))(engine, target)
const operation = operationOf(contender, workload)
let first = 0

await serve<ContenderCall>(operation !== undefined, (call) => (call.type === 'check' ? check(call.index) : run(call.duration)))
await contender.close()
process.exit(0)

/** Undefined when the contender has nothing for the workload. */
function operationOf({ operations }: OpenContender, chosen: WorkloadName): Operation | undefined {
  const operate = operations[chosen] as ((input: unknown) => unknown) | undefined
  const { input } = workloads[chosen] as { input(index: number): unknown }
  return operate && ((index) => operate(input(index)))
}

async function check(index: number): Promise<unknown> {
  return canonical(workload as WorkloadName, await operation?.(index))
}

async function run(duration: number): Promise<unknown> {
  const slice = await runSlice(operation as Operation, { duration, first, callers: engine === 'postgres' ? poolSize : 1 })
  first += slice.operations
  return slice
}

function isEngine(value: string): value is Engine {
  return engines.includes(value as Engine)
}
