import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { testCommand } from '../../launch/jest-command.ts'
import type { Finding } from '../report.ts'
import { readJson, type Manifest } from '../workspace.ts'

/** Every folder with tests starts them as the root does, private ones too. */
export function checkTestScripts(root: string): Finding[] {
  return globSync(['packages/*/*/package.json', 'apps/*/package.json', 'benchmarks/*/package.json'], { cwd: root })
    .toSorted()
    .filter((file) => readJson<Manifest>(join(root, file)).scripts?.['test'] !== testCommand(dirname(file)))
    .map((file) => ({ where: file, what: `scripts.test must be "${testCommand(dirname(file))}"` }))
}
