import type { Machine } from '@covet-benchmarks/common/machine'
import { type Finding, renderFindings, renderVersions, table } from '@covet-benchmarks/common/table'
import { type Engine, titles } from './engine.ts'
import { type Figure, format, formatBound, formatPeer, holds } from './figure.ts'

export interface Row extends Figure {
  readonly id: string
  readonly engine: Engine
}

export interface Results {
  machine: Machine
  versions: Readonly<Record<string, string>>
  rows: readonly Row[]
}

export function renderResults({ machine, versions, rows }: Results): string {
  const { date, node, os, cores, cpu, load } = machine
  const cells = rows.map((row) => [
    row.id,
    titles[row.engine],
    row.what,
    format(row.value, row.unit),
    row.bound ? formatBound(row.bound, row.unit) : '',
    mark(holds(row)),
    formatPeer(row),
  ])
  return [
    `${date}, Node ${node}, ${os}, ${cores} cores (${cpu}), load before the run ${load}.`,
    table(['case', 'engine', 'figure', 'measured', 'bound', '', 'without Covet (times as much)'], cells, 3),
    renderVersions(versions),
  ].join('\n\n')
}

function mark(isHeld: boolean | undefined): string {
  if (isHeld === undefined) return ''
  return isHeld ? 'holds' : '**does not hold**'
}

/** The figures that have a bound. */
export function judge(rows: readonly Row[]): Finding[] {
  return rows.flatMap((row) => {
    const isHeld = holds(row)
    if (isHeld === undefined || !row.bound) return []
    const what = `${row.id} on ${titles[row.engine]}: ${row.what}: ${format(row.value, row.unit)}, bound ${formatBound(row.bound, row.unit)}`
    return [{ what, holds: isHeld }]
  })
}

export function renderVerdict(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'No verdict: nothing was measured that a bound is set for.'
  const broken = findings.filter((finding) => !finding.holds)
  return broken.length === 0 ? `All ${findings.length} bounds hold.` : renderFindings(broken)
}
