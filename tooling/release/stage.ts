import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, packAll } from '../checks/packing/pack.ts'
import { run, type Ran } from '../checks/process.ts'
import { readPackages, workspaceRoot, type Package } from '../checks/workspace.ts'

/** Asks npm, `npm …args` in the given folder. */
export type Npm = (...args: readonly string[]) => Promise<Ran>

/** Staging arrived in npm 11.15; the version is pinned because this program holds the right to publish. */
const npm: Npm = (...args) => run('npx', ['--yes', 'npm@11.15.0', ...args], { cwd: tmpdir() })

export interface Staged {
  readonly staged: readonly string[]
  readonly failed: readonly string[]
}

/** Stages every package whose version npm does not have yet. Nothing is installable until a maintainer approves it. */
export async function stage(root: string, ask: Npm): Promise<Staged> {
  const packages = readPackages(root)
  const known = await Promise.all(packages.map((pkg) => isPublished(pkg, ask)))
  const fresh = packages.filter((_, index) => known[index] === false)
  if (fresh.length === 0) return { staged: [], failed: [] }
  const folder = mkdtempSync(join(tmpdir(), 'covet-release-'))
  try {
    await build(root, packages)
    const outcome = { staged: [] as string[], failed: [] as string[] }
    for (const { pkg, file } of await packAll(fresh, folder)) {
      const ran = await ask('stage', 'publish', file, '--access', 'public')
      if (ran.code === 0) outcome.staged.push(`${pkg.name}@${pkg.manifest.version}`)
      else outcome.failed.push(`${pkg.name}@${pkg.manifest.version}: ${ran.stderr.trim()}`)
    }
    return outcome
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Throws when npm cannot tell: staging a version twice is worse than stopping. */
async function isPublished({ name, manifest }: Package, ask: Npm): Promise<boolean> {
  const ran = await ask('view', `${name}@${manifest.version}`, 'version', '--json')
  if (ran.code === 0) return ran.stdout.trim() !== ''
  if (ran.stdout.includes('E404') || ran.stderr.includes('E404')) return false
  throw new Error(`npm does not say whether ${name}@${manifest.version} is published:\n${ran.stderr}`)
}

if (import.meta.main) {
  const { staged, failed } = await stage(workspaceRoot, npm)
  for (const name of staged) console.log(`staged ${name}`)
  for (const failure of failed) console.error(`✗ ${failure}`)
  if (staged.length + failed.length === 0) console.log('every version is published already')
  if (failed.length > 0) process.exitCode = 1
}
