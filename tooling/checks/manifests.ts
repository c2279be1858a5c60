import { join } from 'node:path'
import { checkExports } from './exports.ts'
import { checkFields } from './manifests/fields.ts'
import { checkImports } from './manifests/imports.ts'
import { checkRanges } from './manifests/ranges.ts'
import { checkReferences } from './manifests/references.ts'
import { checkSmoke } from './manifests/smoke.ts'
import { checkSupply, readSettings } from './manifests/supply.ts'
import { checkTestScripts } from './manifests/test-scripts.ts'
import { report, wantsWrite, type Outcome } from './report.ts'
import { readJson, readPackages, workspaceRoot, type Manifest } from './workspace.ts'

/** exports ↔ publishConfig.exports ↔ files ↔ references ↔ imports ↔ ranges, for every package; the test script of every folder. */
export function checkManifests(root: string, write = false): Outcome {
  const packages = readPackages(root)
  const rootManifest = readJson<Manifest>(join(root, 'package.json'))
  const settings = readSettings(root)
  return {
    findings: [
      ...packages.flatMap((pkg) => [
        ...checkFields(pkg, rootManifest),
        ...checkExports(pkg),
        ...checkImports(pkg),
        ...checkRanges(pkg, settings.catalog ?? {}),
        ...checkSmoke(pkg),
      ]),
      ...checkTestScripts(root),
      ...checkReferences(root, packages, write),
      ...checkSupply(root, settings),
    ],
    notes: [`${packages.length} manifests`],
  }
}

if (import.meta.main) report('manifests are in order', checkManifests(workspaceRoot, wantsWrite()))
