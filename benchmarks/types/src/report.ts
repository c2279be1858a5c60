import type { Machine } from '@covet-benchmarks/common/machine'
import { type Finding, renderFindings, renderVersions, table } from '@covet-benchmarks/common/table'
import type { Compiler } from './compilers.ts'
import type { Cost } from './measure.ts'
import type { SubjectName } from './options.ts'

export const stages = ['empty', 'models', 'queries'] as const
export type Stage = (typeof stages)[number]

export interface Row extends Cost {
  subject: SubjectName
  compiler: Compiler
  stage: Stage
}

export interface Results {
  machine: Machine
  options: { models: number; queries: number; rounds: number }
  versions: Readonly<Record<string, string>>
  rows: readonly Row[]
}

/** What 50 models with 1,000 queries may cost on TypeScript 7. */
export const budget = { compiler: '7.0', cpu: 3, instantiations: 1_200_000, models: 50, queries: 1_000 } as const

/** Nothing when another size, or not Covet on TypeScript 7, was measured. */
export function judge({ rows, options }: Pick<Results, 'rows' | 'options'>): Finding[] {
  if (options.models !== budget.models || options.queries !== budget.queries) return []
  const row = rows.find(({ subject, compiler, stage }) => subject === 'covet' && compiler === budget.compiler && stage === 'queries')
  if (!row) return []
  return [
    { what: `CPU ${row.cpu.toFixed(2)} s, budget ${budget.cpu} s`, holds: row.cpu <= budget.cpu },
    {
      what: `instantiations ${row.instantiations.toLocaleString('en')}, budget ${budget.instantiations.toLocaleString('en')}`,
      holds: row.instantiations <= budget.instantiations,
    },
  ]
}

export function renderVerdict(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'No verdict: that takes Covet on TypeScript 7 with 50 models and 1,000 queries.'
  return renderFindings(findings)
}

export function renderResults({ machine, options, versions, rows }: Results): string {
  const titles: Readonly<Record<Stage, string>> = {
    empty: 'an import',
    models: `${options.models} models`,
    queries: `and ${options.queries.toLocaleString('en')} queries`,
  }
  const head = ['', 'TypeScript', '', 'CPU s', 'instantiations', 'types', 'memory MB']
  const lines = rows.map(({ subject, compiler, stage, cpu, instantiations, types, memory }) => [
    subject,
    compiler,
    titles[stage],
    cpu.toFixed(2),
    instantiations.toLocaleString('en'),
    types.toLocaleString('en'),
    Math.round(memory / 1_048_576).toLocaleString('en'),
  ])
  return [
    `${machine.date}, Node ${machine.node}, ${machine.cores} cores (${machine.cpu}), load before the run ${machine.load}; least CPU of ${options.rounds}.`,
    table(head, lines, 3),
    renderVersions(versions),
  ].join('\n\n')
}
