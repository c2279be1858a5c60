import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { checkLint } from '../../checks/lint.ts'
import { workspaceRoot } from '../../checks/workspace.ts'
import { lines, workspace, type Files } from './fixture.ts'

const file = 'packages/http/box/src/index.ts'
const house = {
  '.oxlintrc.json': readFileSync(join(workspaceRoot, '.oxlintrc.json'), 'utf8').replace(/^.*"\$schema".*\n/m, ''),
  'tsconfig.json': {
    compilerOptions: { strict: true, target: 'es2024', module: 'nodenext', allowImportingTsExtensions: true, noEmit: true },
  },
}

async function lint(source: string, more: Files = {}): Promise<{ found: string[]; notes: readonly string[] }> {
  const outcome = await checkLint(workspace({ ...house, [file]: source, ...more }))
  return { found: lines(outcome), notes: outcome.notes ?? [] }
}

describe('lint', () => {
  it('is content with plain code, and says that it holds no any', async () => {
    const { found, notes } = await lint('export const double = (n: number): number => n * 2\n')
    expect(found).toEqual([])
    expect(notes).toEqual(['any: 0 explicit, 0 implicit (a value of type any used in src)', 'suppressed rules: 0, of which any: 0'])
  })

  it.each([
    [
      'a floating promise',
      'export function go(): void {\n  fetchIt()\n}\nasync function fetchIt(): Promise<void> {}\n',
      'no-floating-promises',
    ],
    ['a promise where a condition belongs', 'export const go = (p: Promise<boolean>): number => (p ? 1 : 0)\n', 'no-misused-promises'],
    ['==', 'export const same = (a: string, b: string): boolean => a == b\n', 'eqeqeq'],
    ['an explicit any', 'export const loose = (x: any): void => void x\n', 'no-explicit-any'],
    ['a value of type any used in src', `export const n: number = JSON.parse('1')\n`, 'no-unsafe-assignment'],
    ['the console in src', `console.log('hello')\n`, 'no-console'],
    ['@ts-ignore', '// @ts-ignore: no\nexport const n: number = 1\n', 'ban-ts-comment'],
    ['a suppression that suppresses nothing', '// oxlint-disable-next-line eqeqeq -- habit\nexport const n = 1\n', 'Unused'],
  ])('refuses %s', async (_, source, rule) => {
    const { found } = await lint(source)
    expect(found).toContainEqual(expect.stringContaining(rule))
  })

  it('refuses a function past the complexity ceiling', async () => {
    const branches = Array.from({ length: 16 }, (_, n) => `  if (n === ${n}) return ${n * 2}`).join('\n')
    const { found } = await lint(`export function pick(n: number): number {\n${branches}\n  return 0\n}\n`)
    expect(found).toContainEqual(expect.stringContaining('eslint(complexity)'))
  })

  it('refuses two modules that import each other', async () => {
    const { found } = await lint(`import { b } from './b.ts'\nexport const a = (): unknown => b\n`, {
      'packages/http/box/src/b.ts': `import { a } from './index.ts'\nexport const b = (): unknown => a\n`,
    })
    expect(found).toContainEqual(expect.stringContaining('no-cycle'))
  })

  it('refuses a skipped test', async () => {
    const { found } = await lint('', {
      'packages/http/box/test/box.test.ts': `import { it } from '@jest/globals'\nit.skip('works', () => {})\n`,
    })
    expect(found).toContainEqual(expect.stringContaining('no-disabled-tests'))
  })

  it('asks a suppression for its reason, counts it and prints it', async () => {
    const rule = '// oxlint-disable-next-line typescript/no-explicit-any'
    const code = 'export const loose = (x: any): void => void x\n'
    expect((await lint(`${rule}\n${code}`)).found).toEqual([
      `${file}:1: switches typescript/no-explicit-any off without a reason; write it after " -- "`,
    ])
    const explained = await lint(`${rule} -- the engine's own type\n${code}`)
    expect(explained.found).toEqual([])
    expect(explained.notes).toContain('suppressed rules: 1, of which any: 1')
    expect(explained.notes).toContain(`  ${file}:1 typescript/no-explicit-any: the engine's own type`)
  })
})
