import { type ContenderName, takesPart } from './contenders/registry.ts'
import { chooseCores, type Cores, describeMachine, type Machine, versionsOf } from './machine.ts'
import { measure } from './measure.ts'
import { parseOptions, type RunOptions, usage } from './options.ts'
import { writeJson, writeSection } from './readme.ts'
import { renderResults, type Results, toRows } from './report.ts'
import { bounds, reachVerdict, renderVerdicts, type Verdict } from './verdict.ts'

const say = (text: string): void => void process.stdout.write(`${text}\n`)

const options = readOptions()
if (options) await run(options)

function readOptions(): RunOptions | undefined {
  try {
    const chosen = parseOptions(process.argv.slice(2))
    if (!chosen) say(usage)
    return chosen
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage}\n`)
    process.exitCode = 2
    return undefined
  }
}

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
  writeSection('results', rendered)
  writeJson('results', results)
}

/** Ends with 1 when a bound does not hold, so that a script can ask. */
async function runVerdict(chosen: RunOptions, cores: Cores, machine: Machine): Promise<void> {
  const verdicts: Verdict[] = []
  for (const bound of bounds.filter(({ workload }) => chosen.workloads.includes(workload))) {
    verdicts.push(await reachVerdict(bound, chosen, cores, say))
  }
  if (chosen.write) {
    writeSection('verdict', renderVerdicts(verdicts, machine, chosen))
    writeJson('verdict', { machine, options: measureOptions(chosen), verdicts })
  }
  if (!verdicts.every(({ holds }) => holds)) process.exitCode = 1
}

function measureOptions({ rounds, slice, warmup, fresh, connections, nodeFlags }: RunOptions): Results['options'] {
  return { rounds, slice, warmup, fresh, connections, nodeFlags }
}
