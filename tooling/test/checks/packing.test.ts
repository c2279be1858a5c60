import { describe, expect, it } from '@jest/globals'
import { checkPacking } from '../../checks/packing.ts'
import { countIn } from '../../checks/packing/count.ts'
import { readExample } from '../../checks/packing/first-example.ts'
import { readMeasurements } from '../../checks/packing/measurements.ts'
import { checkFiles, checkManifest } from '../../checks/packing/tarball.ts'
import { lines, manifest, packagesConfig, pkg, buildableWorkspace, type Files } from './fixture.ts'

const box = 'packages/http/box'
const program = `import { createServer } from 'node:http'
import { answer } from '@covet/box'

const server = createServer((_, response) => response.end(String(answer))).listen(3000, '127.0.0.1')
process.once('SIGTERM', () => server.close())
`
const example = (code: string): string => `# Covet\n\n\`\`\`ts\n${code}\`\`\`\n\n\`\`\`sh\n$ curl http://127.0.0.1:3000/\n42\n\`\`\`\n`

/** A workspace that can be built and packed without the network. */
function buildable(files: Files): string {
  return buildableWorkspace({
    LICENSE: 'MIT',
    'README.md': example(program),
    ...packagesConfig(box),
    ...pkg('http', 'box'),
    [`${box}/README.md`]: '# @covet/box\n',
    ...files,
  })
}

describe('packing', () => {
  it('packs, installs elsewhere, imports, counts, and runs the first example of the README', async () => {
    const root = buildable({})
    const outcome = await checkPacking(root)
    expect(lines(outcome)).toEqual([])
    expect(outcome.notes).toEqual(['@covet/box: 1 installed, 1 with Fastify'])
    expect(readMeasurements(root)).toEqual({ '@covet/box': { alone: 1, withFastify: 1, ranges: '' } })
  })

  it('finds what works in the workspace and not in a stranger’s project', async () => {
    const root = buildable({
      // The file is in the repository and not in the tarball: only an installed package shows that.
      [`${box}/src/index.ts`]: `import { readFileSync } from 'node:fs'\nexport const answer: string = readFileSync(new URL('../views/answer.txt', import.meta.url), 'utf8')\n`,
      [`${box}/views/answer.txt`]: '42',
    })
    expect(lines(await checkPacking(root))).toEqual([
      expect.stringContaining('@covet/box installed: cannot be imported by Node'),
      expect.stringContaining('README.md: its first example answers nothing instead of 42'),
    ])
  })

  it('finds a tarball whose types or manifest are wrong', async () => {
    const publishConfig = { access: 'public', provenance: true, exports: { '.': './dist/lost.js', './package.json': './package.json' } }
    const root = buildable({ [`${box}/package.json`]: manifest('http', 'box', { publishConfig }) })
    const found = lines(await checkPacking(root, { only: '@covet/box' }))
    expect(found).toEqual([
      expect.stringContaining('@covet/box packed: publint refuses it'),
      expect.stringContaining('@covet/box packed: attw finds its types wrong'),
      expect.stringContaining('@covet/box installed: cannot be imported by Node'),
    ])
  })

  it('says what does not build', async () => {
    const root = buildable({ [`${box}/src/index.ts`]: `export const answer: number = '42'\n` })
    await expect(checkPacking(root)).rejects.toThrow(/do not build[\s\S]*TS2322/)
  })
})

describe('a packed tarball', () => {
  it('SUP-02: holds no tests, dotfiles, build leftovers or keys, and has a LICENSE and a README', () => {
    const good = ['package/LICENSE', 'package/README.md', 'package/package.json', 'package/dist/index.js', 'package/src/testing.ts']
    expect(checkFiles(good)).toEqual([])
    const bad = [
      'package/test/a.test.ts',
      'package/.env',
      'package/dist/.tsbuildinfo',
      'package/exports.snapshot.json',
      'package/server.key',
    ]
    expect(checkFiles([...good, ...bad])).toHaveLength(bad.length)
    expect(checkFiles(good.slice(1))).toEqual(['lacks LICENSE'])
  })

  it('SUP-01: runs nothing on install and has no workspace ranges left', () => {
    const packed = manifest('http', 'box', {
      exports: { '.': './dist/index.js' },
      scripts: { prepare: 'tsc' },
      peerDependencies: { '@covet/core': 'workspace:^' },
    })
    expect(checkManifest(packed)).toEqual([
      `has the script prepare, which runs on a user's machine (SUP-01)`,
      'still has a workspace: range',
    ])
  })
})

describe('the installed-package count', () => {
  const lockfile = {
    importers: { '.': { dependencies: { '@covet/box': { version: 'file:box.tgz(fastify@5.12.8)' }, fastify: { version: '5.12.8' } } } },
    snapshots: {
      '@covet/box@file:box.tgz(fastify@5.12.8)': { dependencies: { fastify: '5.12.8', shared: '1.0.0', alias: 'real@2.0.0' } },
      'fastify@5.12.8': { dependencies: { shared: '1.0.0', pino: '10.0.0' } },
      'shared@1.0.0': { optionalDependencies: { 'shared-linux': '1.0.0', 'shared-darwin': '1.0.0' } },
      'shared-linux@1.0.0': {},
      'shared-darwin@1.0.0': {},
      'pino@10.0.0': {},
      'real@2.0.0': {},
    },
  }

  it('leaves Fastify and what only Fastify needs out of the first number, and other platforms out of both', () => {
    expect(countIn(lockfile, '@covet/box', ['shared-darwin@1.0.0'])).toEqual({ alone: 4, withFastify: 6 })
  })

  it('is one number for a package that does not use Fastify', () => {
    const plain = { importers: { '.': { dependencies: { box: { version: '1.0.0' } } } }, snapshots: { 'box@1.0.0': {} } }
    expect(countIn(plain, 'box')).toEqual({ alone: 1, withFastify: 1 })
  })
})

describe('the first example of a document', () => {
  it('is its first ts block with the first curl and the line that answers it', () => {
    expect(readExample(example(program))).toEqual({ program, url: 'http://127.0.0.1:3000/', answer: '42' })
  })

  it('is nothing when there is no request to make', () => {
    expect(readExample('```ts\nrun()\n```\n')).toBeUndefined()
  })
})
