import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { readPage } from './support/page.ts'
import { checkedProgram, plainProgram } from './support/program.ts'
import { root, runNode, type Outcome } from './support/workspace.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'guides-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const fence = '```'

async function run(markdown: string): Promise<Outcome> {
  const file = path.join(folder, 'page.md')
  writeFileSync(file, markdown)
  const page = readPage(file)
  const { text } = checkedProgram(page.program, page.name, path.join(root, 'test/support/expectation.ts'))
  const program = path.join(folder, 'page.ts')
  writeFileSync(program, text)
  return runNode([program])
}

const block = (code: string): string => `${fence}ts\n${code}\n${fence}\n`

describe('the runner of the guides', () => {
  it('meets expectations of expressions, constants, statements of several lines and what is thrown', async () => {
    const { code, output } = await run(
      [
        block('const one = 1 // -> 1\nconst list = [one, 2]\n  .map((n) => n * 2)\n// -> [2,\n//     4]'),
        block(
          "({ at: new Date(0), any: Math.random() }) // -> { at: new Date('1970-01-01T00:00:00Z'), any: _ }\nnull.x // throws TypeError",
        ),
        "| | Other | Covet |\n|---|---|---|\n| a row | `not(run)` | `list.length // -> 2` `` `${one}` // -> '1' `` |\n",
      ].join('\ntext\n\n'),
    )
    expect({ code, output }).toEqual({ code: 0, output: 'expectations met: 6\n' })
  })

  it('fails where a page is wrong, and says where', async () => {
    const wrong = await run(`# Title\n\n${block('const one = 1\none + 1 // -> 3')}`)
    expect([wrong.code, wrong.output]).toEqual([1, expect.stringContaining('page.md:5 gives 2')])
    const silent = await run(block('Promise.resolve(1) // throws TypeError'))
    expect([silent.code, silent.output]).toEqual([1, expect.stringContaining('page.md:2 does not throw TypeError')])
    const other = await run(block('null.x // throws RangeError'))
    expect([other.code, other.output]).toEqual([1, expect.stringContaining('throws TypeError')])
    const broken = await run(block('throw new Error("broken")'))
    expect([broken.code, broken.output]).toEqual([1, expect.stringContaining('broken')])
  })

  it('refuses an expectation inside of a block, which may never be reached', async () => {
    const { code } = await run(block('function never() {\n  1 // -> 2\n}'))
    expect(code).toBe(1)
  })

  it('tells of blocks it does not run', () => {
    const file = path.join(folder, 'other.md')
    writeFileSync(file, `${block('1')}\n${fence}sh\nnpm run it\n${fence}\n${block('2')}${fence}\nplain\n${fence}\n`)
    const { otherBlocks, program } = readPage(file)
    expect(otherBlocks).toEqual(['npm run it', 'plain'])
    expect(program.map(({ text }) => text)).toEqual(['1', '', '2', ''])
  })

  it('gives the compiler the page as it stands', () => {
    const lines = [{ text: 'const one = 1 // -> 2', at: 1 }]
    expect(plainProgram(lines)).toBe('const one = 1 // -> 2\nexport {}\n')
  })
})
