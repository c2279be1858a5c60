import { say } from '@covet-benchmarks/common/command'
import { describeMachine } from '@covet-benchmarks/common/machine'
import { recordOf } from '@covet-benchmarks/common/record'
import { type Contender, contenders } from './contender.ts'
import { type Figure, table } from './figure.ts'
import { coldStart, coldStartOfConduit } from './scenarios/cold-start.ts'
import { deadline } from './scenarios/deadline.ts'
import { drain, stuck } from './scenarios/drain.ts'
import { slowClients } from './scenarios/slow-clients.ts'

const { cpu, cores, os, node, date, load } = describeMachine()
const titles: Readonly<Record<Contender, string>> = { covet: 'Covet', fastify: 'Fastify' }
const scenarios = { coldStart, deadline, slowClients, drain, stuck }

const results: Record<string, Figure[]> = {}
for (const [name, measure] of Object.entries(scenarios)) {
  for (const contender of contenders) {
    process.stderr.write(`${name}: ${titles[contender]}\n`)
    results[titles[contender]] = [...(results[titles[contender]] ?? []), ...(await measure(contender))]
  }
}
process.stderr.write('coldStart: Conduit\n')
const conduit = { Conduit: await coldStartOfConduit() }

const where = `${cpu}, ${cores} cores, ${os}, Node ${node}, ${date}, load before the run ${load}`
const report = `${table(results)}\n\nThe example application, with everything it has:\n\n${table(conduit)}\n\nMeasured on ${where}.`
say(report)
recordOf(new URL('../', import.meta.url)).writeSection('results', report)
