import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, jest } from '@jest/globals'
import { clean, compile, type Compiled, tsc } from '../support/compiler.ts'

// Whole compilers run here, beside whatever else the machine does.
jest.setTimeout(240_000)

const run = promisify(execFile)
const here = import.meta.dirname

/** The programs over the types, whose `@ts-expect-error` lines the compiler refuses when nothing is wrong on the next one. */
async function programs({ hover = false } = {}): Promise<string[]> {
  const entries = await readdir(path.join(here, 'programs'), { recursive: true })
  return entries
    .filter((name) => name.endsWith('.ts') && (hover || name !== 'hover.ts'))
    .toSorted()
    .map((name) => path.join(here, 'programs', name))
}

interface Checked {
  version: string
  problems: string[]
  problemsReversed: string[]
  hovers: Record<string, string>
}

async function checkedBy(compiler: string, options?: { hover: boolean }): Promise<Checked> {
  const { stdout } = await run(process.execPath, [path.join(here, 'support/check.ts'), compiler, ...(await programs(options))])
  return JSON.parse(stdout) as Checked
}

/** What the native compiler says about the programs, in the order given. */
async function native(files: readonly string[]): Promise<Compiled> {
  const folder = await mkdtemp(path.join(tmpdir(), 'covet-types-'))
  try {
    return await compile(folder, files)
  } finally {
    await rm(folder, { recursive: true })
  }
}

describe('ORM-1: the types of models', () => {
  it('hold in TypeScript 7, whichever of circular models is read first', async () => {
    const files = await programs()
    expect(await native(files)).toEqual(clean)
    expect(await native(files.toReversed())).toEqual(clean)
  })

  it('would fail in TypeScript 7 on an expectation that no longer fails', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'covet-types-'))
    const file = path.join(folder, 'programs.ts')
    await writeFile(file, `// @ts-expect-error nothing is wrong here\nexport const fine: string = 'text'\n`)
    expect(await tsc(['--noEmit', '--ignoreConfig', file])).toEqual({ code: 1, stdout: expect.stringContaining('TS2578'), stderr: '' })
    await rm(folder, { recursive: true })
  })

  it('hold in TypeScript 5.9, whichever of circular models is read first', async () => {
    const { version, problems, problemsReversed } = await checkedBy('typescript-5.9')
    expect(version).toMatch(/^5\.9\./)
    expect(problems).toEqual([])
    expect(problemsReversed).toEqual([])
  })

  it('hold in TypeScript 6, and what an editor shows over a result can be read', async () => {
    const { version, problems, problemsReversed, hovers } = await checkedBy('typescript-6', { hover: true })
    expect(version).toMatch(/^6\./)
    expect(problems).toEqual([])
    expect(problemsReversed).toEqual([])
    const shown = Object.fromEntries(Object.entries(hovers).map(([name, text]) => [name, text.replaceAll(/\s+/g, ' ')]))
    expect(shown).toEqual({
      users: 'const users: User[]',
      loaded: 'const loaded: (User & { posts: (Post & { comments: Comment[]; })[]; profile: Profile | null; })[]',
      one: 'const one: User & { posts: (Post & { comments: Comment[]; })[]; profile: Profile | null; }',
      posts: 'const posts: (Post & { comments: Comment[]; })[]',
      counted: 'const counted: (User & { written: number; })[]',
      first: 'const first: User | null',
      rows: 'const rows: { id: number; email: string; }[]',
      names: 'const names: { writer: string | null; year: number | null; }[]',
      groups: 'const groups: { authorId: number; views: number | null; }[]',
      totals: 'const totals: { newest: Date | null; }',
      query: 'const query: Query<User, "posts", unknown, unknown>',
      Created: 'type Created = { email: string; id?: number; name?: string | null; balance?: string | number; role?: "admin" | "user"; }',
    })
  })
})
