import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { consume, type Consumed } from './packing/consumer.ts'
import { checkFirstExample } from './packing/first-example.ts'
import { measurementsFile, readMeasurements, type Measurement } from './packing/measurements.ts'
import { build, packAll, type Tarball } from './packing/pack.ts'
import { checkTarball } from './packing/tarball.ts'
import { mapLimit, runNode, tools } from './process.ts'
import { report, wantedPackage, type Finding, type Outcome } from './report.ts'
import { publishedRanges, readPackages, workspaceRoot, writeJson } from './workspace.ts'

export interface PackingOptions {
  /** Only this package is checked; every package is packed all the same. */
  only?: string | undefined
}

/** Every package packed, linted, installed outside the repository, imported and, for a plugin, registered in plain Fastify. */
export async function checkPacking(root: string, { only }: PackingOptions = {}): Promise<Outcome> {
  const packages = readPackages(root)
  const folder = mkdtempSync(join(tmpdir(), 'covet-packing-'))
  try {
    await build(root, packages)
    const tarballs = await packAll(packages, join(folder, 'tarballs'))
    const store = await storeOf(root)
    const wanted = tarballs.filter(({ pkg }) => only === undefined || pkg.name === only)
    const checked = await mapLimit(wanted, 2, async (tarball) =>
      checkOne(tarball, { folder: join(folder, tarball.pkg.folder), tarballs, store }),
    )
    const example = only === undefined ? await checkFirstExample(root, { folder: join(folder, 'readme'), tarballs, store }) : []
    recordCounts(root, wanted, checked)
    return { findings: [...checked.flatMap(({ findings }) => findings), ...example], notes: describe(wanted, checked) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function checkOne(tarball: Tarball, consumer: Parameters<typeof consume>[1]): Promise<Consumed> {
  const findings: readonly Finding[] = await checkTarball(tarball)
  const consumed = await consume(tarball.pkg, consumer)
  return { ...consumed, findings: [...findings, ...consumed.findings] }
}

async function storeOf(root: string): Promise<string> {
  const ran = await runNode([tools.pnpm, 'store', 'path'], { cwd: root })
  return ran.stdout.trim().replace(/\/v\d+$/, '')
}

/** Leaves the measured counts for the readmes check, beside the ranges they were measured with. */
function recordCounts(root: string, tarballs: readonly Tarball[], checked: readonly Consumed[]): void {
  const measured: Record<string, Measurement> = { ...readMeasurements(root) }
  for (const [index, { pkg }] of tarballs.entries()) {
    const count = checked[index]?.count
    if (count) measured[pkg.name] = { ...count, ranges: publishedRanges(pkg.manifest) }
  }
  mkdirSync(join(root, '.covet'), { recursive: true })
  writeJson(join(root, measurementsFile), measured)
}

function describe(tarballs: readonly Tarball[], checked: readonly Consumed[]): string[] {
  return tarballs.map(({ pkg }, index) => {
    const count = checked[index]?.count
    return count ? `${pkg.name}: ${count.alone} installed, ${count.withFastify} with Fastify` : `${pkg.name}: not installed`
  })
}

if (import.meta.main) report('packages resolve when packed', await checkPacking(workspaceRoot, { only: wantedPackage() }))
