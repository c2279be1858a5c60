import { readOptions, say } from '@covet-benchmarks/common/command'
import { chooseCores, type Cores, describeMachine, type Machine } from '@covet-benchmarks/common/machine'
import { recordOf } from '@covet-benchmarks/common/record'
import { type ContenderName, takesPart } from './contenders/registry.ts'
import { measure } from './measure.ts'
import { parseOptions, type RunOptions, usage } from './options.ts'
import { renderResults, type Results, toRows } from './report.ts'
import { bounds, reachVerdict, renderVerdicts, type Verdict } from './verdict.ts'
import { versionsOf } from './versions.ts'

const record = recordOf(new URL('../', import.meta.url))
const options = readOptions(parseOptions, usage)
if (options) await run(options)

async function run(chosen: RunOptions): Promise<void> {
  const cores = chooseCores()
  const machine = describeMachine(cores)
  if (!machine.pinned) say('Not pinned: taskset (util-linux) and two cores are needed. Ratios will be less steady.')
  if (chosen.verdict) await runVerdict(chosen, cores, machine)
  else await runTable(chosen, cores, machine)
}

async function runTable(chosen: RunOptions, cores: Cores, machine: Machine): Promise<void> {
  const reference = chosen.contenders.includes('node:http') ? 'node:http' : (chosen.contenders[0] as ContenderName)
  const versions = versionsOf(chosen.contenders)
  const results: Results = { machine, options: measureOptions(chosen), versions, reference, workloads: {} }
  for (const workload of chosen.workloads) {
    const names = chosen.contenders.filter((name) => takesPart(name, workload))
    if (names.length === 0) continue
    const onRound = (round: number): void =>
      void process.stderr.write(`\r${workload}: round ${round} of ${chosen.rounds}${round === chosen.rounds ? '\n' : ''}`)
    results.workloads[workload] = toRows(await measure(workload, names, chosen, cores, onRound), reference)
  }
  const rendered = renderResults(results)
  say(rendered)
  if (!chosen.write) return
  record.writeSection('results', rendered)
  record.writeJson('results', results)
}

/** Ends with 1 when a bound does not hold, so that a script can ask. */
async function runVerdict(chosen: RunOptions, cores: Cores, machine: Machine): Promise<void> {
  const verdicts: Verdict[] = []
  for (const bound of bounds.filter(({ workload }) => chosen.workloads.includes(workload))) {
    verdicts.push(await reachVerdict(bound, chosen, cores, say))
  }
  if (chosen.write) {
    record.writeSection('verdict', renderVerdicts(verdicts, machine, chosen))
    record.writeJson('verdict', { machine, options: measureOptions(chosen), verdicts })
  }
  if (!verdicts.every(({ holds }) => holds)) process.exitCode = 1
}

function measureOptions({ rounds, slice, warmup, fresh, connections, nodeFlags }: RunOptions): Results['options'] {
  return { rounds, slice, warmup, fresh, connections, nodeFlags }
}
