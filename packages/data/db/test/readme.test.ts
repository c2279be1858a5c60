import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from '@jest/globals'

const folder = mkdtempSync(join(tmpdir(), 'covet-db-readme-'))
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const [, smallest = ''] = readme.split('## The smallest working application')
const [store = '', serve = ''] = [...smallest.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, program]) => program)
/** Where a program in another folder finds what it imports. The engine depends on this package, which cannot use it. */
const places = {
  '@covet/db': new URL('../src/index.ts', import.meta.url).href,
  '@covet/sqlite': new URL('support/sqlite.ts', import.meta.url).href,
  '@covet/core': import.meta.resolve('@covet/core'),
}

describe('the examples of the README, run as they are over the SQLite of Node', () => {
  afterAll(() => rmSync(folder, { recursive: true }))

  it('store a post and find it', async () => {
    expect(store).toContain('db.transaction')
    const [said, found] = (await outputOf('store.ts', store)).split('\n')
    expect([said, found]).toEqual(['saved', store.match(/console\.log\(posts\) \/\/ (.*)/)?.[1]?.replace(/^\[(.*)\]$/, '[ $1 ]')])
  })

  it('list the posts of an application over a socket', async () => {
    expect(serve).toContain('app.listen({ port: 3000 })')
    const program = serve.replace('await app.listen({ port: 3000 })', 'const url = await app.listen({ port: 0 })')
    const asking = [
      'const response = await fetch(`${url}/posts`)',
      'console.log(JSON.stringify([response.status, await response.json()]))',
      'await app.close()',
    ]
    expect((await outputOf('serve.ts', [program, ...asking].join('\n'))).split('\n')).toContain('[200,[]]')
  })
})

/** What a program writes that stands by itself: it imports what it uses. */
async function outputOf(name: string, program: string): Promise<string> {
  const file = join(folder, name)
  const placed = Object.entries(places).reduce((text, [from, to]) => text.replaceAll(`from '${from}'`, `from '${to}'`), program)
  writeFileSync(file, placed)
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  const { stdout } = await promisify(execFile)(process.execPath, [file], { cwd: folder, timeout: 50_000 })
  return stdout
}
