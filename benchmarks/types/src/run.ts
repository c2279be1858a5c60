import { join, relative, resolve } from 'node:path'
import { readOptions, say } from '@covet-benchmarks/common/command'
import { describeMachine, installedVersion } from '@covet-benchmarks/common/machine'
import { recordOf } from '@covet-benchmarks/common/record'
import { type Compiler, programOf } from './compilers.ts'
import { buildDeclarations } from './declarations.ts'
import { compile, type Cost } from './measure.ts'
import { parseOptions, type RunOptions, type SubjectName, usage } from './options.ts'
import type { Files, Size, Subject } from './project.ts'
import { judge, renderResults, renderVerdict, type Results, type Row, type Stage, stages } from './report.ts'
import { covet } from './subjects/covet.ts'
import { drizzle } from './subjects/drizzle.ts'
import { kysely } from './subjects/kysely.ts'
import { scratch, writeProject } from './write.ts'

const imports: Readonly<Record<SubjectName, string>> = { covet: '@covet/orm', drizzle: 'drizzle-orm/pg-core', kysely: 'kysely' }

const options = readOptions(parseOptions, usage)
if (options) await run(options)

async function run(chosen: RunOptions): Promise<void> {
  const machine = describeMachine()
  if (chosen.subjects.includes('covet') && chosen.orm === undefined) buildDeclarations()
  const projects = chosen.subjects.flatMap((subject) =>
    stages.map((stage) => ({ subject, stage, folder: project(subject, stage, chosen) })),
  )
  const best = new Map<string, Row>()
  for (let round = 1; round <= chosen.rounds; round++) {
    for (const { subject, stage, folder } of projects) {
      for (const compiler of chosen.compilers) {
        process.stderr.write(`round ${round}: ${subject} ${stage} with ${compiler}\n`)
        keepLeast(best, { subject, compiler, stage, ...(await compile(programOf(compiler), folder)) })
      }
    }
  }
  const { models, queries, rounds } = chosen
  conclude({ machine, options: { models, queries, rounds }, versions: versionsOf(chosen), rows: [...best.values()] }, chosen)
}

function keepLeast(best: Map<string, Row>, row: Row & Cost): void {
  const key = `${row.subject} ${row.stage} ${row.compiler}`
  const known = best.get(key)
  best.set(key, known && known.cpu < row.cpu ? known : row)
}

function conclude(results: Results, chosen: RunOptions): void {
  const [rendered, findings] = [renderResults(results), judge(results)]
  say(rendered)
  say(`\n${renderVerdict(findings)}`)
  if (chosen.write) {
    const record = recordOf(new URL('../', import.meta.url))
    record.writeSection('results', rendered)
    record.writeSection('verdict', renderVerdict(findings))
    record.writeJson('results', results)
    record.writeJson('verdict', findings)
  }
  if (chosen.verdict && (findings.length === 0 || findings.some(({ holds }) => !holds))) process.exitCode = 1
}

function project(name: SubjectName, stage: Stage, chosen: RunOptions): string {
  const folder = `${name}-${stage}`
  const module = name === 'covet' && chosen.orm !== undefined ? relative(join(scratch, folder), resolve(chosen.orm)) : imports[name]
  const size: Size = { models: chosen.models, queriesPerModel: chosen.queries / chosen.models }
  return writeProject(folder, filesOf(subjectOf(name, module), stage, size, module))
}

function subjectOf(name: SubjectName, module: string): Subject {
  return { covet: covet(module), drizzle, kysely }[name]
}

function filesOf(subject: Subject, stage: Stage, size: Size, module: string): Files {
  if (stage === 'empty') return new Map([['index.ts', `import * as library from '${module}'\nexport const used = library\n`]])
  return stage === 'models' ? subject.models(size) : new Map([...subject.models(size), ...subject.queries(size)])
}

function versionsOf({ compilers, subjects }: RunOptions): Record<string, string> {
  const names = [...compilers.map((compiler: Compiler) => `typescript-${compiler}`)]
  if (subjects.includes('drizzle')) names.push('drizzle-orm')
  if (subjects.includes('kysely')) names.push('kysely')
  const root = new URL('../', import.meta.url)
  return Object.fromEntries(names.map((name) => [name, installedVersion(name, root) ?? 'not installed']))
}
