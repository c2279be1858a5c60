import { join } from 'node:path'
import { readMeasurements } from './packing/measurements.ts'
import { checkCount } from './readmes/count-line.ts'
import { checkDocuments } from './readmes/documents.ts'
import { checkReadme } from './readmes/readme.ts'
import { packageTable } from './readmes/table.ts'
import { report, wantedPackage, wantsWrite, type Outcome } from './report.ts'
import { checkSection } from './section.ts'
import { readPackages, workspaceRoot } from './workspace.ts'

export interface ReadmesOptions {
  /** Only this package's count is looked at: the others need not have been measured on this machine. */
  only?: string | undefined
}

/** Every package's README has its parts and a true count; the root's table and links hold. */
export function checkReadmes(root: string, write = false, { only }: ReadmesOptions = {}): Outcome {
  const packages = readPackages(root)
  const measured = readMeasurements(root)
  const counted = packages.filter(({ name }) => only === undefined || name === only)
  const table = {
    file: join(root, 'README.md'),
    where: 'README.md',
    name: 'packages',
    body: packageTable(packages),
    fix: 'pnpm readmes --write',
  }
  return {
    findings: [
      ...packages.flatMap(checkReadme),
      ...counted.flatMap((pkg) => checkCount(pkg, measured[pkg.name], write)),
      ...checkSection(table, write),
      ...checkDocuments(root, packages),
    ],
    notes: [`${packages.length} READMEs`],
  }
}

if (import.meta.main) report('READMEs are true', checkReadmes(workspaceRoot, wantsWrite(), { only: wantedPackage() }))
