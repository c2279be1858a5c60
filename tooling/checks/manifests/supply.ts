import { join } from 'node:path'
import { parse } from 'yaml'
import type { Finding } from '../report.ts'
import { readJson, readText } from '../workspace.ts'

export interface WorkspaceSettings {
  catalog?: Record<string, string>
  minimumReleaseAge?: number
  blockExoticSubdeps?: boolean
  strictDepBuilds?: boolean
  trustPolicy?: string
  allowBuilds?: Record<string, boolean>
  onlyBuiltDependencies?: string[]
  dangerouslyAllowAllBuilds?: boolean
}

export function readSettings(root: string): WorkspaceSettings {
  return (parse(readText(join(root, 'pnpm-workspace.yaml'))) as WorkspaceSettings | null) ?? {}
}

type Rule = (settings: WorkspaceSettings) => string | false

const rules: readonly Rule[] = [
  ({ minimumReleaseAge = 0 }) =>
    minimumReleaseAge < 2880 && 'minimumReleaseAge must be at least 2880 minutes: most malicious releases are found within two days',
  ({ blockExoticSubdeps }) => blockExoticSubdeps !== true && 'blockExoticSubdeps must be true: dependencies come from the one registry',
  ({ strictDepBuilds }) => strictDepBuilds !== true && 'strictDepBuilds must be true: a new install script is a decision, not a surprise',
  ({ trustPolicy }) =>
    trustPolicy !== 'no-downgrade' && 'trustPolicy must be "no-downgrade": a package once published with provenance stays so',
  ({ allowBuilds = {}, onlyBuiltDependencies = [] }) =>
    (Object.values(allowBuilds).includes(true) || onlyBuiltDependencies.length > 0) && 'no dependency may run an install script',
  ({ dangerouslyAllowAllBuilds }) => dangerouslyAllowAllBuilds === true && 'dangerouslyAllowAllBuilds must not be set',
]

interface ChangesetConfig {
  access?: string
  fixed?: unknown[]
  linked?: unknown[]
}

/** pnpm's settings against a poisoned dependency (SUP-04), Changesets' for publishing (SUP-07). */
export function checkSupply(root: string, settings: WorkspaceSettings): Finding[] {
  const findings = rules
    .map((rule) => rule(settings))
    .filter((what) => what !== false)
    .map((what) => ({ where: 'pnpm-workspace.yaml', what: `${what} (SUP-04)` }))
  const { access, fixed = [], linked = [] } = readJson<ChangesetConfig>(join(root, '.changeset/config.json'))
  const where = '.changeset/config.json'
  if (access !== 'public') findings.push({ where, what: 'access must be "public" (SUP-07)' })
  if (fixed.length + linked.length > 0) findings.push({ where, what: 'versions are independent: no fixed or linked groups' })
  return findings
}
