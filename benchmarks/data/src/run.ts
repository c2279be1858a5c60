import { readOptions, say } from '@covet-benchmarks/common/command'
import { describeMachine, installedVersion } from '@covet-benchmarks/common/machine'
import { recordOf } from '@covet-benchmarks/common/record'
import { cases } from './cases.ts'
import { titles } from './engine.ts'
import { parseOptions, type RunOptions, usage } from './options.ts'
import { judge, renderResults, renderVerdict, type Results, type Row } from './report.ts'

const options = readOptions(parseOptions, usage)
if (options) await run(options)

async function run(chosen: RunOptions): Promise<void> {
  const machine = describeMachine()
  const rows: Row[] = []
  for (const { id, title, engines, measure } of cases.filter((one) => chosen.only.includes(one.id))) {
    for (const engine of engines.filter((one) => chosen.engines.includes(one))) {
      process.stderr.write(`${id} on ${titles[engine]}: ${title}\n`)
      for (const figure of await measure(engine)) rows.push({ id, engine, ...figure })
    }
  }
  conclude({ machine, versions: versions(), rows }, chosen)
}

function conclude(results: Results, { verdict, write }: RunOptions): void {
  const [rendered, findings] = [renderResults(results), judge(results.rows)]
  say(`${rendered}\n\n${renderVerdict(findings)}`)
  if (write) {
    const record = recordOf(new URL('../', import.meta.url))
    record.writeSection('results', rendered)
    record.writeSection('verdict', renderVerdict(findings))
    record.writeJson('results', results)
    record.writeJson('verdict', findings)
  }
  if (verdict && (findings.length === 0 || findings.some(({ holds }) => !holds))) process.exitCode = 1
}

function versions(): Record<string, string> {
  const here = new URL('../', import.meta.url)
  return Object.fromEntries(['better-sqlite3', 'mysql2', 'pg'].map((name) => [name, installedVersion(name, here) ?? 'not installed']))
}
