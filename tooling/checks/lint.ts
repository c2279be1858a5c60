import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runNode, tools } from './process.ts'
import { report, type Finding, type Outcome } from './report.ts'
import { findComposedSql } from './sql-text.ts'
import { workspaceRoot } from './workspace.ts'

interface Diagnostic {
  readonly message: string
  readonly code?: string
  readonly filename: string
  readonly labels: readonly { readonly span: { readonly line: number; readonly column: number } }[]
}

/** oxlint with type information over the workspace, plus the count of `any` and of suppressed rules. */
export async function checkLint(root: string): Promise<Outcome> {
  const diagnostics = await runOxlint(root)
  const suppressions = findSuppressions(root)
  const explicit = diagnostics.filter(({ code }) => code === 'typescript(no-explicit-any)').length
  const implicit = diagnostics.filter(({ code }) => code?.startsWith('typescript(no-unsafe-')).length
  return {
    findings: [
      ...diagnostics.map(toFinding),
      ...findComposedSql(root),
      ...suppressions.filter(({ reason }) => reason === '').map(unexplained),
    ],
    notes: [
      `any: ${explicit} explicit, ${implicit} implicit (a value of type any used in src)`,
      `suppressed rules: ${suppressions.length}, of which any: ${suppressions.filter(({ rules }) => /any|no-unsafe/.test(rules)).length}`,
      ...suppressions.map(({ where, rules, reason }) => `  ${where} ${rules}: ${reason || '(no reason)'}`),
    ],
  }
}

async function runOxlint(root: string): Promise<Diagnostic[]> {
  const args = [
    '--type-aware',
    '--report-unused-disable-directives-severity=error',
    '--config',
    join(root, '.oxlintrc.json'),
    '--format=json',
  ]
  const ran = await runNode([tools.oxlint, ...args, '.'], { cwd: root })
  if (!ran.stdout.trimStart().startsWith('{')) throw new Error(`oxlint did not run: ${ran.stdout}${ran.stderr}`)
  return (JSON.parse(ran.stdout) as { diagnostics: Diagnostic[] }).diagnostics
}

function toFinding({ message, code, filename, labels }: Diagnostic): Finding {
  const span = labels[0]?.span
  return { where: span ? `${filename}:${span.line}:${span.column}` : filename, what: code ? `${message} [${code}]` : message }
}

export interface Suppression {
  readonly where: string
  readonly rules: string
  readonly reason: string
}

const directive = /(?:oxlint|eslint)-disable(?:-next-line|-line)?\s+(?<rules>[^\n*]*?)(?:\s+--\s+(?<reason>[^\n*]*?))?\s*(?:\*\/|$)/gm

/** Every comment that switches a rule off. */
export function findSuppressions(root: string): Suppression[] {
  return globSync('{packages/*/*,apps/*,benchmarks/*}/{src,test}/**/*.ts', { cwd: root })
    .toSorted()
    .flatMap((file) => {
      const source = readFileSync(join(root, file), 'utf8')
      return [...source.matchAll(directive)].map(({ index, groups }) => ({
        where: `${file}:${source.slice(0, index).split('\n').length}`,
        rules: groups?.['rules'] ?? '',
        reason: groups?.['reason'] ?? '',
      }))
    })
}

function unexplained({ where, rules }: Suppression): Finding {
  return { where, what: `switches ${rules || 'every rule'} off without a reason; write it after " -- "` }
}

if (import.meta.main) report('lint is clean', await checkLint(workspaceRoot))
