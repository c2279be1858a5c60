import { type Finding, renderFindings } from '@covet-benchmarks/common/table'
import { type ContenderName, contenders, runsOn, usualContenders } from './contenders/registry.ts'
import { type Engine, engines as allEngines } from './contract.ts'
import { plainServer } from './http/measure.ts'
import type { RunOptions } from './options.ts'
import { formatRatio, type Results, type Row } from './report.ts'
import { type WorkloadName, workloadNames } from './workloads.ts'

/** Speeds of Covet against the floor that must be reached, by CPU time. */
export const bars: Readonly<Record<Engine, Partial<Record<WorkloadName, number>>>> = {
  sqlite: { 'select-pk': 0.8, 'select-100': 0.9, 'eager-50x20': 0.9, 'insert-one': 0.85, 'update-pk': 0.85, 'bulk-1000': 0.8 },
  postgres: { 'select-pk': 0.95, 'select-100': 0.95, 'bulk-1000': 0.8 },
}

/** What a row of Covet must reach of the best reference row (prepared, precompiled, postgres.js), or the README says why it does not. */
export const ofBestReference = 0.9
/** Those whose profile the README has. */
export const profiled: ReadonlySet<string> = new Set(['sqlite update-pk'])
/** How much faster 100 rows must get to HTTP than with pg and JSON.stringify. */
export const httpBar = { rows: '100', atLeast: 3 }

export interface Verdict {
  findings: readonly Finding[]
  /** The bars that nothing was held to, because a row is missing that was not asked for. */
  unjudged: readonly string[]
  holds: boolean
}

type Measured = Pick<Results, 'engines' | 'http'>

/** Whether every bar is to be judged: whoever leaves something out has asked for less. */
export function isWhole({ engines, workloads, contenders: names, http }: RunOptions): boolean {
  const hasAll = <T>(chosen: readonly T[], all: readonly T[]): boolean => all.every((one) => chosen.includes(one))
  const counts = [Number(httpBar.rows)]
  return hasAll(engines, allEngines) && hasAll(workloads, workloadNames) && hasAll(names, usualContenders) && hasAll(http, counts)
}

/** @param whole whether everything was meant to be measured: then a bar without its rows does not hold */
export function reachVerdict(results: Measured, whole: boolean): Verdict {
  const missing = withoutRow(results)
  const findings = [...judge(results), ...(whole ? missing.map((what) => ({ what: `${what}: no row`, holds: false })) : [])]
  return { findings, unjudged: whole ? [] : missing, holds: findings.length > 0 && findings.every(({ holds }) => holds) }
}

/** Every bar that what was measured can be held to. */
export function judge({ engines, http }: Measured): Finding[] {
  const findings = (Object.keys(engines) as Engine[]).flatMap((engine) =>
    (Object.keys(engines[engine] ?? {}) as WorkloadName[]).flatMap((workload) =>
      judgeRows(`${engine} ${workload}`, bars[engine][workload], engines[engine]?.[workload] ?? []),
    ),
  )
  return [...findings, ...judgeHttp(http)]
}

/** The bars that lack a row: Covet's own, or one that it would be compared with. */
export function withoutRow({ engines, http }: Measured): string[] {
  const servers = http?.[httpBar.rows] ?? []
  const lacksHttp = !servers.some(({ contender }) => isCovet(contender)) || !servers.some(({ contender }) => contender === plainServer)
  return [
    ...allEngines.flatMap((engine) => [
      ...workloadNames.flatMap((workload) => lacking(`${engine} ${workload}`, engines[engine]?.[workload] ?? [])),
      ...absent(engine, Object.values(engines[engine] ?? {}).flat()),
    ]),
    ...(lacksHttp ? [`${httpBar.rows} rows to HTTP`] : []),
  ]
}

/** @param rows of one engine and workload */
function lacking(where: string, rows: readonly Row[]): string[] {
  const has = (...kinds: readonly Row['kind'][]): boolean => rows.some(({ kind }) => kinds.includes(kind))
  if (!has('covet') || !has('floor')) return [where]
  return [
    ...(has('orm', 'builder') ? [] : [`${where} against an ORM or a builder`]),
    ...(has('reference') ? [] : [`${where} of the best reference`]),
  ]
}

/** Who has not one row on an engine; not every one of them has something for each workload. */
function absent(engine: Engine, rows: readonly Row[]): string[] {
  // Nothing to compare with: each workload says so already.
  if (rows.length === 0) return []
  const isMissing = (name: ContenderName): boolean => runsOn(name, engine) && !rows.some(({ contender }) => contender === name)
  return usualContenders.filter((name) => isCompared(name) && isMissing(name)).map((name) => `${engine} against ${name}`)
}

/** A driver is printed for the table alone. */
function isCompared(name: ContenderName): boolean {
  return ['orm', 'builder', 'reference'].includes(contenders[name].kind)
}

function isCovet(server: string): boolean {
  return server.startsWith('covet')
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
    const isLess = share < ofBestReference
    const why = isLess && profiled.has(where) ? ', and its profile says why' : ''
    findings.push({
      what: `${where}: ${formatRatio(share)} of ${nameOf(reference)}, bar ${ofBestReference}${why}`,
      holds: !isLess || why !== '',
    })
  }
  return findings
}

function judgeHttp(http: Results['http']): Finding[] {
  const covet = (http?.[httpBar.rows] ?? []).filter(({ contender }) => isCovet(contender))
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

export function renderVerdict({ findings, unjudged }: Omit<Verdict, 'holds'>): string {
  const judged = findings.length === 0 ? 'No verdict: nothing was measured that a bar is set for.' : renderFindings(findings)
  return unjudged.length === 0 ? judged : `${judged}\n\nNot judged, for want of a row: ${unjudged.join('; ')}.`
}
