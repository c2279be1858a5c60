// The process of one contender: starts its server for one workload, then answers what it has used so far.
import { contenders, isContenderName } from './contenders/registry.ts'
import { isWorkloadName } from './workloads.ts'

export interface Usage {
  port: number
  /** CPU time of this process since it started, in microseconds. */
  cpu: number
  /** Resident memory in bytes. */
  rss: number
}

const [name = '', workload = ''] = process.argv.slice(2)
if (!isContenderName(name) || !isWorkloadName(workload)) throw new Error(`No contender '${name}' with workload '${workload}'.`)

const { start } = await contenders[name].load()
const port = await start(workload)

function report(): void {
  const { user, system } = process.cpuUsage()
  process.send?.({ port, cpu: user + system, rss: process.memoryUsage.rss() } satisfies Usage)
}

process.on('message', report)
process.on('disconnect', () => process.exit(0))
report()
