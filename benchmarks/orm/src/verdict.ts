import type { Engine } from './contract.ts'
import { plainServer } from './http/measure.ts'
import { formatRatio, type Results, type Row } from './report.ts'
import type { WorkloadName } from './workloads.ts'

/** Speeds of Covet against the floor that must be reached, by CPU time. */
export const bars: Readonly<Record<Engine, Partial<Record<WorkloadName, number>>>> = {
  sqlite: { 'select-pk': 0.8, 'select-100': 0.9, 'eager-50x20': 0.9, 'insert-one': 0.85, 'update-pk': 0.85, 'bulk-1000': 0.8 },
  postgres: { 'select-pk': 0.95, 'select-100': 0.95, 'bulk-1000': 0.8 },
}

/** What a row of Covet must reach of the best reference row (prepared, precompiled, postgres.js). */
export const ofBestReference = 0.9
/** How much faster 100 rows must get to HTTP than with pg and JSON.stringify. */
export const httpBar = { rows: '100', atLeast: 3 }

export interface Finding {
  what: string
  holds: boolean
}

/** Every bound that what was measured can be held to. Without a row of Covet there is none. */
export function judge({ engines, http }: Pick<Results, 'engines' | 'http'>): Finding[] {
  const findings = (Object.keys(engines) as Engine[]).flatMap((engine) =>
    (Object.keys(engines[engine] ?? {}) as WorkloadName[]).flatMap((workload) =>
      judgeRows(`${engine} ${workload}`, bars[engine][workload], engines[engine]?.[workload] ?? []),
    ),
  )
  return [...findings, ...judgeHttp(http)]
}

function judgeRows(where: string, bar: number | undefined, rows: readonly Row[]): Finding[] {
  const covet = rows.find(({ kind }) => kind === 'covet')
  if (!covet) return []
  const speed = covet.speed.median
  const findings: Finding[] = []
  if (bar !== undefined) findings.push({ what: `${where}: ${formatRatio(speed)} of the floor, bar ${bar}`, holds: speed >= bar })
  const fastest = best(rows, ['orm', 'builder'])
  if (fastest) findings.push({ what: `${where}: ${formatRatio(speed)} against ${nameOf(fastest)}`, holds: speed > fastest.speed.median })
  const reference = best(rows, ['reference'])
  if (reference) {
    const share = speed / reference.speed.median
    findings.push({
      what: `${where}: ${formatRatio(share)} of ${nameOf(reference)}, bar ${ofBestReference}`,
      holds: share >= ofBestReference,
    })
  }
  return findings
}

function judgeHttp(http: Results['http']): Finding[] {
  const covet = (http?.[httpBar.rows] ?? []).filter(({ contender }) => contender.startsWith('covet'))
  if (covet.length === 0) return []
  const speed = Math.max(...covet.map((row) => row.speed.median))
  return [
    {
      what: `${httpBar.rows} rows to HTTP: ${formatRatio(speed)} × ${plainServer}, bar ${httpBar.atLeast}`,
      holds: speed >= httpBar.atLeast,
    },
  ]
}

function best(rows: readonly Row[], kinds: readonly Row['kind'][]): Row | undefined {
  return rows.filter(({ kind }) => kinds.includes(kind)).toSorted((a, b) => b.speed.median - a.speed.median)[0]
}

function nameOf({ contender, speed }: Row): string {
  return `${contender} (${formatRatio(speed.median)})`
}

export function renderVerdict(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'No verdict: Covet took no part.'
  return findings.map(({ what, holds }) => `- ${what}: **${holds ? 'holds' : 'does not hold'}**`).join('\n')
}
