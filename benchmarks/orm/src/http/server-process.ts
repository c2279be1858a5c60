// The process of one server: listens, then answers what it has used so far.
import { peakMemory } from '@covet-benchmarks/common/memory'
import { serve } from '../serve.ts'
import { isServerName, servers } from './registry.ts'

export interface Usage {
  port: number
  /** CPU time of this process since it started, in microseconds. */
  cpu: number
  /** The most memory the process has had resident, in bytes. */
  rss: number
}

const [name = '', url = '', rows = ''] = process.argv.slice(2)
if (!isServerName(name)) throw new Error(`No server '${name}'.`)
const { start } = await servers[name]()
const port = await start(url, Number(rows))

function usage(): Usage {
  const { user, system } = process.cpuUsage()
  return { port, cpu: user + system, rss: peakMemory() }
}

await serve(usage(), usage)
process.exit(0)
