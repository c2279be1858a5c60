import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const workspace = fileURLToPath(new URL('../../..', import.meta.url))

/** Builds what users' compilers read, as far as it is not there. @throws when @covet/orm does not compile */
export function buildDeclarations(): void {
  const { status } = spawnSync(process.execPath, [join(workspace, 'node_modules/typescript/bin/tsc'), '-b', 'packages/data/orm'], {
    cwd: workspace,
    stdio: 'inherit',
  })
  if (status !== 0) throw new Error('@covet/orm does not compile.')
}
