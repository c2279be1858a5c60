import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { InstalledCount } from '../packing/count.ts'
import type { Measurement } from '../packing/measurements.ts'
import type { Finding } from '../report.ts'
import { publishedRanges, readText, type Package } from '../workspace.ts'

/** What an application may install for the kernel's sake. */
const limits: Readonly<Record<string, InstalledCount>> = { '@covet/core': { alone: 1, withFastify: 60 } }

const countLine = /^Installs \d+ packages?(?:, \d+ with Fastify)?\.$/m

export function formatCount({ alone, withFastify }: InstalledCount): string {
  const packages = `${alone} ${alone === 1 ? 'package' : 'packages'}`
  return withFastify === alone ? `Installs ${packages}.` : `Installs ${packages}, ${withFastify} with Fastify.`
}

/** The README's "Installs …" line against what `packing` measured, or rewritten to it. */
export function checkCount(pkg: Package, measured: Measurement | undefined, write: boolean): Finding[] {
  const where = `${pkg.path}/README.md`
  if (measured === undefined || measured.ranges !== publishedRanges(pkg.manifest)) {
    return [{ where, what: 'its installed-package count was not measured with these dependencies; run `pnpm packing`' }]
  }
  const findings = overLimit(pkg, measured)
  const file = join(pkg.directory, 'README.md')
  const text = readText(file)
  const wanted = formatCount(measured)
  if (countLine.exec(text)?.[0] === wanted) return findings
  if (!write) return [...findings, { where, what: `must say "${wanted}"; run \`pnpm readmes --write\`` }]
  writeFileSync(file, withCount(text, wanted))
  return findings
}

/** Replaces the line, or adds it below the install command. */
export function withCount(text: string, line: string): string {
  if (countLine.test(text)) return text.replace(countLine, line)
  return text.replace(/^```sh\n[\s\S]*?^```$/m, (block) => `${block}\n\n${line}`)
}

function overLimit({ name, path }: Package, { alone, withFastify }: InstalledCount): Finding[] {
  const limit = limits[name]
  if (limit === undefined || (alone <= limit.alone && withFastify <= limit.withFastify)) return []
  return [
    { where: path, what: `installs ${alone} packages (${withFastify} with Fastify); the limit is ${limit.alone} (${limit.withFastify})` },
  ]
}
