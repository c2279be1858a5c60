import { parseArgs } from 'node:util'
import { count, list } from '@covet-benchmarks/common/command'
import { compilers as allCompilers, type Compiler } from './compilers.ts'

export const subjectNames = ['covet', 'drizzle', 'kysely'] as const
export type SubjectName = (typeof subjectNames)[number]

export interface RunOptions {
  compilers: readonly Compiler[]
  subjects: readonly SubjectName[]
  models: number
  queries: number
  /** The least CPU of so many runs counts; instantiations are the same in each. */
  rounds: number
  /** A file with the same exports instead of @covet/orm. */
  orm: string | undefined
  verdict: boolean
  write: boolean
}

export const usage = `pnpm --filter @covet-benchmarks/types start [options]

  --compiler 5.9,6.0,7.0         which versions of TypeScript
  --subject covet,drizzle,kysely whose models and queries
  --models 50                    models, related in cycles
  --queries 1000                 queries over them all
  --rounds 3                     runs of each; the least CPU counts
  --orm path/to/orm.ts           a module with the same exports in the place of @covet/orm
  --verdict                      hold Covet to its budget; ends with 1 when it is passed
  --write                        write results.json and the table in README.md`

const flags = {
  compiler: { type: 'string' },
  subject: { type: 'string' },
  models: { type: 'string', default: '50' },
  queries: { type: 'string', default: '1000' },
  rounds: { type: 'string', default: '3' },
  orm: { type: 'string' },
  verdict: { type: 'boolean', default: false },
  write: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

/** Undefined when help was asked for. */
export function parseOptions(args: readonly string[]): RunOptions | undefined {
  const { values } = parseArgs({ args: [...args], options: flags })
  if (values.help) return undefined
  const models = count('models', values.models)
  const queries = count('queries', values.queries)
  if (queries % models !== 0) throw new Error(`--queries must be a multiple of --models (${models}), not ${queries}.`)
  return {
    compilers: list(values.compiler, allCompilers),
    subjects: list(values.subject, subjectNames),
    models,
    queries,
    rounds: count('rounds', values.rounds),
    orm: values.orm,
    verdict: values.verdict,
    write: values.write,
  }
}
