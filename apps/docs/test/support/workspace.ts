import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { readPage, type Page } from './page.ts'
import { checkedProgram, plainProgram } from './program.ts'

export const root: string = fileURLToPath(new URL('../..', import.meta.url))

const programs = path.join(root, '.covet', 'guides')
const expectation = path.join(root, 'test', 'support', 'expectation.ts')

/** The programs of some pages, on disk. */
export interface Written {
  readonly page: Page
  /** The program to run, with its expectations. */
  readonly checked: string
  readonly expectations: number
}

/** Writes the programs of all pages: as they are for the compiler, and with their expectations to be run. */
export function writePrograms(files: readonly string[]): readonly Written[] {
  rmSync(programs, { recursive: true, force: true })
  const [plain, checked] = [path.join(programs, 'plain'), path.join(programs, 'checked')]
  const pages = files.map(readPage)
  for (const { name, program, files: shown } of pages) {
    write(plain, moduleName(name), plainProgram(program))
    for (const [file, lines] of Object.entries(shown)) for (const folder of [plain, checked]) write(folder, file, plainProgram(lines))
  }
  const settings = { extends: '../../../../tooling/tsconfig/program.json', include: ['plain'] }
  write(programs, 'tsconfig.json', JSON.stringify(settings))
  return pages.map((page) => {
    const { text, expectations } = checkedProgram(page.program, page.name, path.relative(checked, expectation))
    write(checked, moduleName(page.name), text)
    return { page, checked: path.join(checked, moduleName(page.name)), expectations }
  })
}

/** The driver of each. */
const engines = { postgres: 'postgres', mariadb: 'mysql', mysql: 'mysql' } as const
export type EngineName = keyof typeof engines

/** A program for SQLite as one for another engine, at DATABASE_URL. */
export function onEngine({ checked }: Written, engine: EngineName): string {
  const driver = engines[engine]
  const text = readFileSync(checked, 'utf8')
    .replace("import { sqlite } from '@covet/sqlite'", `import { ${driver} } from '@covet/${driver}'`)
    .replace("sqlite({ file: ':memory:' })", `${driver}({ url: process.env['DATABASE_URL'] ?? '' })`)
  const program = checked.replace(/\.ts$/, `-on-${engine}.ts`)
  writeFileSync(program, text)
  return program
}

function moduleName(page: string): string {
  return page.replace(/\.md$/, '.ts')
}

function write(folder: string, name: string, text: string): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, name), text)
}

/** What the compiler says about the programs, and how it ended. */
export function checkTypes(): Promise<Outcome> {
  const compiler = path.join(createRequire(path.join(root, '../../package.json')).resolve('typescript/package.json'), '../bin/tsc')
  return runNode([compiler, '--pretty', 'false', '-p', path.join(programs, 'tsconfig.json')])
}

export interface Outcome {
  readonly code: number | null
  readonly output: string
}

export function runNode(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const take = (chunk: Buffer): void => {
      output += chunk.toString()
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })
}
