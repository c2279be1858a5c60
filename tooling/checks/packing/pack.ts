import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { mapLimit, runNode, tools } from '../process.ts'
import type { Package } from '../workspace.ts'

export interface Tarball {
  readonly pkg: Package
  readonly file: string
}

/** Builds every package from nothing: `tsc -b` never deletes the output of a deleted source. */
export async function build(root: string, packages: readonly Package[]): Promise<void> {
  for (const pkg of packages) rmSync(join(pkg.directory, 'dist'), { recursive: true, force: true })
  const ran = await runNode([tools.tsc, '-b', 'tsconfig.packages.json'], { cwd: root })
  if (ran.code !== 0) throw new Error(`The packages do not build:\n${ran.stdout}${ran.stderr}`)
}

/** Packs each package as it would be published: `publishConfig` applied, `workspace:` and `catalog:` resolved. */
export function packAll(packages: readonly Package[], folder: string): Promise<Tarball[]> {
  mkdirSync(folder, { recursive: true })
  return mapLimit(packages, 2, async (pkg) => {
    const file = join(folder, `${pkg.folder}.tgz`)
    const ran = await runNode([tools.pnpm, 'pack', '--out', file], { cwd: pkg.directory })
    if (ran.code !== 0) throw new Error(`${pkg.name} cannot be packed:\n${ran.stdout}${ran.stderr}`)
    return { pkg, file }
  })
}
