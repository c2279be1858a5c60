import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { runNode, tools } from '../checks/process.ts'
import { readJson, workspaceRoot, type Manifest } from '../checks/workspace.ts'
import { filesOf, type NewPackage } from './files.ts'
import { refuse } from './names.ts'

/** Writes the files of a new package. Throws when the layer or the name will not do. */
export function writePackage(root: string, wanted: NewPackage): string[] {
  const reason = refuse(root, wanted.layer, wanted.name)
  if (reason !== undefined) throw new Error(reason)
  const files = filesOf(wanted, readJson<Manifest>(join(root, 'package.json')))
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  return Object.keys(files)
}

interface Step {
  readonly says: string
  readonly args: readonly string[]
}

const check = (name: string, ...args: string[]): readonly string[] => [`tooling/checks/${name}.ts`, ...args]

/** What follows from the manifests and is written, not remembered. */
function stepsFor(name: string): readonly Step[] {
  return [
    { says: 'linking the workspace', args: [tools.pnpm, 'install', '--prefer-offline', '--no-frozen-lockfile'] },
    { says: 'project references', args: check('manifests', '--write') },
    { says: 'public names', args: check('names', '--write') },
    { says: 'the drawing in ARCHITECTURE.md', args: check('layers', '--write') },
    { says: 'packing it, to count what it installs', args: check('packing', '--only', `@covet/${name}`) },
    { says: 'the READMEs', args: check('readmes', '--write', '--only', `@covet/${name}`) },
  ]
}

async function main([layer, name, description]: readonly string[]): Promise<void> {
  if (layer === undefined || name === undefined) throw new Error('Usage: pnpm new-package <layer> <name> ["what it does, in one line"]')
  for (const file of writePackage(workspaceRoot, { layer, name, description })) console.log(`  ${file}`)
  for (const { says, args } of stepsFor(name)) {
    console.log(`… ${says}`)
    const ran = await runNode(args, { cwd: workspaceRoot })
    if (ran.code !== 0) throw new Error(`${says} failed:\n${ran.stdout}${ran.stderr}`)
  }
  console.log(`✓ packages/${layer}/${name} is there; every check knows it. Start in src/${name}.ts.`)
}

if (import.meta.main) {
  await main(process.argv.slice(2)).catch((error: unknown) => {
    console.error(`✗ ${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = 1
  })
}
