import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { report, type Finding, type Outcome } from './report.ts'
import { readJson, readPackages, workspaceRoot, type Package } from './workspace.ts'

/** The share of its lines and branches each package runs in its tests, in percent. */
export const minimum = { lines: 85, branches: 80 } as const

interface Counted {
  readonly total: number
  readonly covered: number
}

interface FileSummary {
  readonly lines: Counted
  readonly branches: Counted
}

interface Row {
  readonly pkg: Package
  readonly files: number
  readonly lines: number
  readonly branches: number
}

/** Every package against the two bars, from the summary the test run left in `coverage/`. */
export function checkCoverage(root: string): Outcome {
  const file = join(root, 'coverage/coverage-summary.json')
  if (!existsSync(file)) return { findings: [{ where: 'coverage/coverage-summary.json', what: 'is missing; run `npm test` first' }] }
  const summary = readJson<Record<string, FileSummary>>(file)
  const rows = readPackages(root).map((pkg) => rowOf(pkg, summary))
  return { findings: rows.flatMap(judge), notes: table(rows) }
}

function rowOf(pkg: Package, summary: Readonly<Record<string, FileSummary>>): Row {
  // A summary names files by absolute path, of the machine that ran the tests.
  const files = Object.entries(summary)
    .filter(([file]) => file.includes(`/${pkg.path}/src/`))
    .map(([, counts]) => counts)
  return { pkg, files: files.length, lines: share(files, 'lines'), branches: share(files, 'branches') }
}

function share(files: readonly FileSummary[], kind: keyof FileSummary): number {
  const total = files.reduce((sum, file) => sum + file[kind].total, 0)
  const covered = files.reduce((sum, file) => sum + file[kind].covered, 0)
  return total === 0 ? 100 : (covered / total) * 100
}

function judge({ pkg, files, lines, branches }: Row): Finding[] {
  if (files === 0) return [{ where: pkg.path, what: 'no file of its src was loaded by a test' }]
  const findings: Finding[] = []
  if (lines < minimum.lines)
    findings.push({ where: pkg.path, what: `${lines.toFixed(1)} % of lines are covered; the bar is ${minimum.lines} %` })
  if (branches < minimum.branches)
    findings.push({ where: pkg.path, what: `${branches.toFixed(1)} % of branches are covered; the bar is ${minimum.branches} %` })
  return findings
}

function table(rows: readonly Row[]): string[] {
  const width = Math.max(...rows.map(({ pkg }) => pkg.name.length), 'package'.length)
  return [
    `${'package'.padEnd(width)}   lines  branches`,
    ...rows.map(
      ({ pkg, lines, branches }) => `${pkg.name.padEnd(width)}  ${lines.toFixed(1).padStart(5)}%    ${branches.toFixed(1).padStart(5)}%`,
    ),
  ]
}

if (import.meta.main) report('every package is covered', checkCoverage(workspaceRoot))
