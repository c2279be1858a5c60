import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parse } from 'yaml'
import { run } from './process.ts'
import { report, type Finding, type Outcome } from './report.ts'
import { readPackages, workspaceRoot, type Package } from './workspace.ts'

/** One pending change: which packages it releases, how, and the sentence their changelogs get. */
export interface Changeset {
  readonly file: string
  readonly releases: Readonly<Record<string, string>>
  readonly summary: string
}

const bumps = ['patch', 'minor', 'major']

/** Every user-visible change has its changeset, and every changeset is well-formed. */
export async function checkChangesets(root: string): Promise<Outcome> {
  const packages = readPackages(root)
  const changesets = readChangesets(root)
  const base = await findBase(root)
  const changed = base === undefined ? [] : await changedSince(root, base)
  return {
    findings: [
      ...changesets.flatMap((changeset) => malformed(changeset, packages)),
      ...changesets.flatMap((changeset) => forgottenDependents(changeset, packages)),
      ...unreleased(packages, changesets),
      ...unannounced(packages, changesets, changed),
    ],
    notes: [
      `${changesets.length} pending changesets`,
      base === undefined ? 'no origin/main to compare with: only packages never released are asked for' : `compared with ${base}`,
    ],
  }
}

export function readChangesets(root: string): Changeset[] {
  return globSync('.changeset/*.md', { cwd: root })
    .filter((file) => basename(file) !== 'README.md')
    .toSorted()
    .map((file) => {
      const match = /^---\n(?<head>[\s\S]*?)---\n(?<body>[\s\S]*)$/.exec(readFileSync(join(root, file), 'utf8'))
      const releases = (parse(match?.groups?.['head'] ?? '') as Record<string, string> | null) ?? {}
      return { file, releases, summary: match?.groups?.['body']?.trim() ?? '' }
    })
}

function malformed({ file, releases, summary }: Changeset, packages: readonly Package[]): Finding[] {
  const findings: string[] = []
  if (Object.keys(releases).length === 0) findings.push('names no package')
  if (!/^[A-Z`@].*\.$/s.test(summary)) findings.push('needs one sentence, verb first, with a full stop')
  for (const [name, bump] of Object.entries(releases)) {
    if (!packages.some((pkg) => pkg.name === name)) findings.push(`names ${name}, which is no package of the workspace`)
    if (!bumps.includes(bump)) findings.push(`asks for "${bump}" of ${name}; write patch, minor or major`)
  }
  return findings.map((what) => ({ where: file, what }))
}

// Changesets gives dependents a patch when a peer goes major, with a range that admits only the new major.
function forgottenDependents({ file, releases }: Changeset, packages: readonly Package[]): Finding[] {
  const majors = packages.filter((pkg) => releases[pkg.name] === 'major' && wasReleased(pkg))
  return majors.flatMap((major) =>
    packages
      .filter((pkg) => pkg.manifest.peerDependencies?.[major.name] !== undefined && wasReleased(pkg) && releases[pkg.name] !== 'major')
      .map((pkg) => ({ where: file, what: `${major.name} goes major, so its peer ${pkg.name} must be major in the same changeset` })),
  )
}

/** The first `changeset version` writes the changelog. */
function wasReleased(pkg: Package): boolean {
  return existsSync(join(pkg.directory, 'CHANGELOG.md'))
}

function unreleased(packages: readonly Package[], changesets: readonly Changeset[]): Finding[] {
  return packages
    .filter((pkg) => !wasReleased(pkg) && !changesets.some(({ releases }) => pkg.name in releases))
    .map((pkg) => ({ where: pkg.path, what: `was never released and no changeset names ${pkg.name}; run \`pnpm changeset\`` }))
}

function unannounced(packages: readonly Package[], changesets: readonly Changeset[], changed: readonly string[]): Finding[] {
  const fresh = changesets.filter(({ file }) => changed.includes(file))
  return packages
    .filter((pkg) => changed.some((file) => file.startsWith(`${pkg.path}/src/`)))
    .filter((pkg) => !fresh.some(({ releases }) => pkg.name in releases))
    .map((pkg) => ({ where: pkg.path, what: `its src changed and no new changeset names ${pkg.name}; run \`pnpm changeset\`` }))
}

/** Where this work left main; nothing in a clone without a remote. */
async function findBase(root: string): Promise<string | undefined> {
  const ran = await run('git', ['merge-base', 'HEAD', 'origin/main'], { cwd: root })
  return ran.code === 0 ? ran.stdout.trim() : undefined
}

async function changedSince(root: string, base: string): Promise<string[]> {
  const [tracked, fresh] = await Promise.all([
    run('git', ['diff', '--name-only', base], { cwd: root }),
    run('git', ['ls-files', '--others', '--exclude-standard'], { cwd: root }),
  ])
  return `${tracked.stdout}${fresh.stdout}`.split('\n').filter((line) => line !== '')
}

if (import.meta.main) report('a changeset is present', await checkChangesets(workspaceRoot))
