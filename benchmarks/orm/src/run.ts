import { readOptions, say } from '@covet-benchmarks/common/command'
import { digestOf } from '@covet-benchmarks/common/digest'
import { chooseCores, type Cores, describeMachine } from '@covet-benchmarks/common/machine'
import { recordOf } from '@covet-benchmarks/common/record'
import { measuredAgain } from './again.ts'
import { type ContenderName, floor, runsOn, whyNot } from './contenders/registry.ts'
import type { Engine } from './contract.ts'
import { measureHttp } from './http/measure.ts'
import { measure, openTargets } from './measure.ts'
import { parseOptions, type RunOptions, usage } from './options.ts'
import { type EngineResults, renderResults, type Results, toRows } from './report.ts'
import { createTargets, type Targets } from './target.ts'
import { isWhole, reachVerdict, renderVerdict } from './verdict.ts'
import { versionsOf } from './versions.ts'

// What was opened is dropped on the way out.
const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort(new Error(`Ended by ${signal}.`)))

const options = readOptions((args) => parseOptions(args, interrupted.signal), usage)
if (options) await run(options)

async function run(chosen: RunOptions): Promise<void> {
  const cores = chooseCores()
  const machine = describeMachine(cores)
  const names = whoCanRun(chosen.contenders)
  const { rounds, others, slice, warmup, fresh } = chosen
  const code = digestOf('packages/**/src/**/*.ts', 'benchmarks/{common,orm}/src/**/*.ts')
  const results: Results = { machine, code, options: { rounds, others, slice, warmup, fresh }, versions: versionsOf(names), engines: {} }
  await using targets = createTargets()
  for (const engine of chosen.engines) {
    const taking = names.filter((name) => runsOn(name, engine))
    results.engines[engine] = await runEngine(engine, taking, chosen, cores, targets)
  }
  if (chosen.http.length > 0) results.http = await measureHttp(chosen.http, chosen, cores, targets, progress)
  conclude(results, chosen)
}

function conclude(measured: Results, chosen: RunOptions): void {
  const record = recordOf(new URL('../', import.meta.url))
  const isAll = isWhole(chosen)
  const recorded = chosen.write && !isAll ? (record.readJson('results') as Results | undefined) : undefined
  const results = recorded ? measuredAgain(recorded, measured) : measured
  const rendered = renderResults(results)
  say(rendered)
  const verdict = reachVerdict(results, isAll || recorded !== undefined)
  const judged = renderVerdict(verdict)
  say(`\n${judged}`)
  if (chosen.write) {
    record.writeSection('results', rendered)
    record.writeSection('verdict', judged)
    record.writeJson('results', results)
    record.writeJson('verdict', verdict)
  }
  if (chosen.verdict && !verdict.holds) process.exitCode = 1
}

/** The floor first; who is not installed is named and left out. */
function whoCanRun(asked: readonly ContenderName[]): ContenderName[] {
  const names = [...new Set([floor, ...asked])]
  for (const name of names) {
    const reason = whyNot(name)
    if (reason !== undefined) say(`${name} is left out, ${reason}`)
  }
  return names.filter((name) => whyNot(name) === undefined)
}

async function runEngine(
  engine: Engine,
  names: readonly ContenderName[],
  chosen: RunOptions,
  cores: Cores,
  targets: Targets,
): Promise<EngineResults> {
  const opened = await openTargets(engine, names, targets)
  const results: EngineResults = {}
  for (const workload of chosen.workloads) {
    const onRound = (round: number): void => progress(`${engine} ${workload}`, round, chosen.rounds)
    results[workload] = toRows(await measure({ engine, workload, names, targets: opened, options: chosen, cores, onRound }))
  }
  return results
}

function progress(what: string, round: number, rounds: number): void {
  process.stderr.write(`\r${what}: round ${round} of ${rounds}${round === rounds ? '\n' : ''}`)
}
