import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { subpathsOf } from './exports.ts'
import { mapLimit, runNode } from './process.ts'
import { report, wantsWrite, type Finding, type Outcome } from './report.ts'
import { namesOf } from './syntax.ts'
import { readJson, readPackages, workspaceRoot, writeJson, type Package } from './workspace.ts'

export interface PublicNames {
  readonly values: readonly string[]
  readonly types: readonly string[]
}

export type Snapshot = Readonly<Record<string, PublicNames>>

/** The file beside package.json that holds a package's public names, so that a change of the API shows in the diff. */
export const snapshotFile = 'exports.snapshot.json'

/** What every export of every package offers, run and read, against the package's snapshot. */
export async function checkNames(root: string, write = false): Promise<Outcome> {
  const packages = readPackages(root)
  const snapshots = await mapLimit(packages, 2, snapshotOf)
  const findings = packages.flatMap((pkg, index) => compare(pkg, snapshots[index] as Taken, write))
  const count = snapshots.flatMap(({ snapshot }) => Object.values(snapshot).flatMap(({ values, types }) => [...values, ...types])).length
  return { findings, notes: [`${count} public names in ${packages.length} packages`] }
}

interface Taken {
  readonly snapshot: Snapshot
  readonly findings: readonly Finding[]
}

async function snapshotOf(pkg: Package): Promise<Taken> {
  const subpaths = subpathsOf(pkg)
  const runtime = await importAll(
    pkg,
    subpaths.map(({ subpath }) => subpath),
  )
  if (typeof runtime === 'string') return { snapshot: {}, findings: [{ where: pkg.path, what: `cannot be imported: ${runtime}` }] }
  const snapshot = Object.fromEntries(
    subpaths.map(({ subpath, source }) => [subpath, { values: runtime[subpath] ?? [], types: typesOf(join(pkg.directory, source)) }]),
  )
  return { snapshot, findings: [] }
}

// Namespace exports are opened one level: the classes behind `errors` are as public as the rest.
const importer = `
  const [name, ...subpaths] = process.argv.slice(1)
  const isNamespace = (value) => typeof value === 'object' && value !== null && value[Symbol.toStringTag] === 'Module'
  const namesOf = (module) => Object.entries(module).flatMap(([key, value]) =>
    isNamespace(value) ? Object.keys(value).map((inner) => key + '.' + inner) : [key])
  const all = {}
  for (const subpath of subpaths) all[subpath] = namesOf(await import(name + subpath.slice(1))).sort()
  process.stdout.write(JSON.stringify(all))
  process.exit(0)
`

/** The run-time names of each subpath, imported by the package's own name in a process of its own; the error's text when it fails. */
async function importAll(pkg: Package, subpaths: readonly string[]): Promise<Record<string, string[]> | string> {
  const ran = await runNode(['--input-type=module', '--eval', importer, pkg.name, ...subpaths], { cwd: pkg.directory })
  if (ran.code !== 0) return ran.stderr.split('\n').find((line) => line.includes('Error')) ?? ran.stderr
  return JSON.parse(ran.stdout) as Record<string, string[]>
}

/** The type names a module exports, those of the modules it passes on included. */
export function typesOf(file: string): string[] {
  const names = namesOf(readFileSync(file, 'utf8'))
  const beside = (specifier: string): string => resolve(dirname(file), specifier)
  return [
    ...names.types,
    ...names.stars.filter(isRelative).flatMap((star) => typesOf(beside(star))),
    ...Object.entries(names.namespaces)
      .filter(([, specifier]) => isRelative(specifier))
      .flatMap(([name, specifier]) => typesOf(beside(specifier)).map((inner) => `${name}.${inner}`)),
  ].toSorted()
}

const isRelative = (specifier: string): boolean => specifier.startsWith('.')

function compare(pkg: Package, { snapshot, findings }: Taken, write: boolean): readonly Finding[] {
  if (findings.length > 0) return findings
  const file = join(pkg.directory, snapshotFile)
  const known = existsSync(file) ? readJson<Snapshot>(file) : {}
  if (JSON.stringify(known) === JSON.stringify(snapshot)) return []
  if (write) {
    writeJson(file, snapshot)
    return []
  }
  const changes = changesBetween(known, snapshot)
  const what = `public names changed: ${changes.join(', ') || 'order only'}; if on purpose, run \`pnpm names --write\` and add a changeset`
  return [{ where: `${pkg.path}/${snapshotFile}`, what }]
}

function changesBetween(known: Snapshot, found: Snapshot): string[] {
  const before = flat(known)
  const after = flat(found)
  return [
    ...[...after].filter((name) => !before.has(name)).map((name) => `+ ${name}`),
    ...[...before].filter((name) => !after.has(name)).map((name) => `- ${name}`),
  ]
}

function flat(snapshot: Snapshot): Set<string> {
  return new Set(
    Object.entries(snapshot).flatMap(([subpath, { values, types }]) => {
      const door = subpath === '.' ? '' : `${subpath}#`
      return [...values.map((name) => `${door}${name}`), ...types.map((name) => `${door}type ${name}`)]
    }),
  )
}

if (import.meta.main) report('public names changed on purpose', await checkNames(workspaceRoot, wantsWrite()))
