import { parseArgs } from 'node:util'
import { type Engine, engines } from './engines.ts'
import { soak } from './soak.ts'

/** `node run.ts <engine> [--seconds 20] [--seed 1] [--workers 10]`: prints what it found, as JSON in its last line. */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: '10' },
  },
})
const engine = engines.find((name) => name === positionals[0])
if (!engine) throw new RangeError(`name one of ${engines.join(', ')}`)
const report = await soak({
  engine: engine satisfies Engine,
  seconds: Number(values.seconds),
  seed: Number(values.seed),
  workers: Number(values.workers),
})
console.log(JSON.stringify(report))
