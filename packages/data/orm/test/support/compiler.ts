import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const workspace = path.join(import.meta.dirname, '../../../../..')

/** What a compiler said, and how it ended: one that fell over says nothing on stdout. */
export interface Compiled {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export const clean: Compiled = { code: 0, stdout: '', stderr: '' }

/** Runs TypeScript's native compiler. */
export async function tsc(args: readonly string[]): Promise<Compiled> {
  const compiler = path.join(workspace, 'node_modules/typescript/bin/tsc')
  return run(process.execPath, [compiler, '--pretty', 'false', ...args]).then(
    (said) => ({ ...said, code: 0 }),
    ({ code, stdout, stderr }: Compiled) => ({ code, stdout, stderr }),
  )
}

/** Checks programs as the workspace's own are. @param folder where its settings are put */
export async function compile(folder: string, files: readonly string[]): Promise<Compiled> {
  const config = {
    extends: path.join(workspace, 'tooling/tsconfig/program.json'),
    compilerOptions: { typeRoots: [path.join(import.meta.dirname, '../../node_modules/@types')], types: ['node'] },
    files,
  }
  await writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify(config))
  return tsc(['-p', folder])
}
