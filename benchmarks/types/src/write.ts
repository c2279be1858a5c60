import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Files } from './project.ts'

const workspace = fileURLToPath(new URL('../../..', import.meta.url))
/** Inside this package, so that its dependencies are found; ignored by git. */
export const scratch: string = fileURLToPath(new URL('../.covet', import.meta.url))

/** Writes the project with a tsconfig and gives its folder. What stood there is gone. */
export function writeProject(name: string, files: Files, root: string = scratch): string {
  const folder = join(root, name)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const [file, content] of files) writeFileSync(join(folder, file), content)
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }\n')
  writeFileSync(join(folder, 'tsconfig.json'), `${JSON.stringify({ compilerOptions: compilerOptions(), include: ['*.ts'] }, null, 2)}\n`)
  return folder
}

function compilerOptions(): object {
  return {
    target: 'es2024',
    lib: ['es2024', 'esnext.disposable', 'dom'],
    module: 'nodenext',
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    erasableSyntaxOnly: true,
    verbatimModuleSyntax: true,
    types: [],
    paths: declarations(),
  }
}

interface Manifest {
  readonly name: string
  readonly publishConfig?: { readonly exports?: Readonly<Record<string, string>> }
}

/** Covet's packages by their declarations, which users get, and not by the sources that the repository's exports name. */
function declarations(): Record<string, string[]> {
  const manifests = globSync('packages/*/*/package.json', { cwd: workspace })
  return Object.fromEntries(
    manifests.flatMap((manifest) => {
      const { name, publishConfig } = JSON.parse(readFileSync(join(workspace, manifest), 'utf8')) as Manifest
      return Object.entries(publishConfig?.exports ?? {}).flatMap(([entry, file]): [string, string[]][] => {
        const declaration = join(workspace, dirname(manifest), file.replace(/\.js$/, '.d.ts'))
        return file.endsWith('.js') && existsSync(declaration) ? [[`${name}${entry.slice(1)}`, [declaration]]] : []
      })
    }),
  )
}
