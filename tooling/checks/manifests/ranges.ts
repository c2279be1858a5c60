import type { Finding } from '../report.ts'
import { publishedSections, type Package } from '../workspace.ts'
import { compareVersions, floors, mustBePinned, parseVersion } from './floors.ts'

interface Entry {
  readonly section: (typeof publishedSections)[number]
  readonly name: string
  readonly range: string
}

/** Ranges that users get: exact where native or cryptographic, caret elsewhere, `workspace:^` inside the house, no known hole admitted. */
export function checkRanges(pkg: Package, catalog: Readonly<Record<string, string>>): Finding[] {
  const entries = publishedSections.flatMap((section) =>
    Object.entries(pkg.manifest[section] ?? {}).map(([name, range]) => ({ section, name, range })),
  )
  const findings = entries.flatMap((entry) => problemsOf(entry, pkg, catalog))
  return findings.map((what) => ({ where: `${pkg.path}/package.json`, what }))
}

function problemsOf(entry: Entry, pkg: Package, catalog: Readonly<Record<string, string>>): string[] {
  const problem = entry.name.startsWith('@covet/') ? houseProblem(entry) : foreignProblem(entry, catalog)
  return [problem, entry.section === 'peerDependencies' && peerProblem(entry, pkg)].filter((what) => typeof what === 'string')
}

function houseProblem({ section, name, range }: Entry): string | false {
  if (range !== 'workspace:^') return `${section}["${name}"] must be "workspace:^"`
  return name === '@covet/core' && section === 'dependencies' && '@covet/core must be a peer dependency: an application has one kernel'
}

function foreignProblem(entry: Entry, catalog: Readonly<Record<string, string>>): string | false {
  const { section, name, range } = entry
  if (range.startsWith('catalog:')) {
    return (
      section === 'peerDependencies' &&
      `peerDependencies["${name}"] must be a range: "catalog:" would publish the newest patch as the minimum`
    )
  }
  const lowest = parseVersion(range.replace(/^\^/, ''))
  if (lowest === undefined) return `${section}["${name}"] is "${range}"; write an exact version or ^a.b.c`
  return pinProblem(entry) || versionProblem(entry, lowest, catalog)
}

function pinProblem({ section, name, range }: Entry): string | false {
  const isExact = parseVersion(range) !== undefined
  if (isExact && !mustBePinned(name)) return `${section}["${name}"] is pinned; use ^${range} so that users can deduplicate and patch`
  if (isExact || section === 'peerDependencies' || !mustBePinned(name)) return false
  return `${section}["${name}"] is native or cryptographic; pin it exactly (SUP-05)`
}

function versionProblem({ section, name }: Entry, lowest: readonly number[], catalog: Readonly<Record<string, string>>): string | false {
  const floor = parseVersion(floors[name] ?? '0.0.0') ?? []
  if (compareVersions(lowest, floor) < 0)
    return `${section}["${name}"] admits versions below ${floors[name]}, which have known vulnerabilities (SUP-05)`
  const used = parseVersion(catalog[name] ?? '')
  const isTested = used === undefined || (used[0] === lowest[0] && compareVersions(used, lowest) >= 0)
  return !isTested && `${section}["${name}"] does not admit ${catalog[name]}, which the workspace tests`
}

/** What an application brings is tested here too: a required peer is also a devDependency. */
function peerProblem({ name }: Entry, pkg: Package): string | false {
  const dev = pkg.manifest.devDependencies?.[name]
  if (dev === undefined) return `peer ${name} is missing from devDependencies, so nothing here tests it`
  const wanted = name.startsWith('@covet/') ? 'workspace:^' : 'catalog:'
  return dev !== wanted && parseVersion(dev) === undefined && `devDependencies["${name}"] must be "${wanted}" or an exact version`
}
