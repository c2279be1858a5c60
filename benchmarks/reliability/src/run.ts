import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { type Contender, contenders } from './contender.ts'
import { type Figure, table } from './figure.ts'
import { coldStart, coldStartOfConduit } from './scenarios/cold-start.ts'
import { deadline } from './scenarios/deadline.ts'
import { drain, stuck } from './scenarios/drain.ts'
import { slowClients } from './scenarios/slow-clients.ts'

const readme = new URL('../README.md', import.meta.url)
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

const machine = `${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, ${process.platform}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`
const report = `${table(results)}\n\nThe example application, with everything it has:\n\n${table(conduit)}\n\nMeasured on ${machine}.`
process.stdout.write(`${report}\n`)
writeFileSync(readme, readFileSync(readme, 'utf8').replace(/(<!-- results -->)[^]*(<!-- \/results -->)/, `$1\n\n${report}\n\n$2`))
