import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { checkReadmes } from '../../checks/readmes.ts'
import { lines, pkg, workspace, type Files } from './fixture.ts'

const box = 'packages/http/box'
const readme = '# @covet/box\n\n```sh\nnpm install @covet/box\n```\n\nInstalls 2 packages, 50 with Fastify.\n\n```ts\nopen()\n```\n'
const documents = {
  'README.md':
    '# Covet\n\n<!-- packages:start -->\n| layer | package | what it does |\n|---|---|---|\n| **http** | [`@covet/box`](packages/http/box) | The box |\n<!-- packages:end -->\n',
}
const measured = { '.covet/packing.json': { '@covet/box': { alone: 2, withFastify: 50, ranges: '' } } }
const good: Files = { ...pkg('http', 'box'), ...documents, ...measured, [`${box}/README.md`]: readme }

const findingsIn = (files: Files): string[] => lines(checkReadmes(workspace(files)))

describe('READMEs', () => {
  it('accepts one that has its parts and a true count', () => {
    expect(findingsIn(good)).toEqual([])
  })

  it('refuses a count that an install does not confirm, and writes the true one', () => {
    const root = workspace({ ...good, '.covet/packing.json': { '@covet/box': { alone: 3, withFastify: 51, ranges: '' } } })
    expect(lines(checkReadmes(root))).toEqual([
      `${box}/README.md: must say "Installs 3 packages, 51 with Fastify."; run \`pnpm readmes --write\``,
    ])
    checkReadmes(root, true)
    expect(lines(checkReadmes(root))).toEqual([])
    expect(readFileSync(join(root, box, 'README.md'), 'utf8')).toBe(readme.replace('2 packages, 50', '3 packages, 51'))
  })

  it('adds the line below the install command', () => {
    const root = workspace({ ...good, [`${box}/README.md`]: readme.replace(/Installs.*\n\n/, '') })
    checkReadmes(root, true)
    expect(readFileSync(join(root, box, 'README.md'), 'utf8')).toBe(readme)
  })

  it('asks for a new measurement when the dependencies changed since', () => {
    const changed = pkg('http', 'box', { dependencies: { eta: '^4.6.0' } })
    expect(findingsIn({ ...good, ...changed })).toEqual([
      `${box}/README.md: its installed-package count was not measured with these dependencies; run \`pnpm packing\``,
    ])
  })

  it('looks at one count alone when asked to, as in a clone where nothing else was measured', () => {
    const lid = { ...pkg('http', 'lid'), 'packages/http/lid/README.md': readme.replaceAll('box', 'lid') }
    const root = workspace({ ...good, ...lid })
    checkReadmes(root, true, { only: '@covet/box' })
    expect(lines(checkReadmes(root, false, { only: '@covet/box' }))).toEqual([])
    expect(lines(checkReadmes(root))).toEqual([expect.stringContaining('packages/http/lid/README.md: its installed-package count')])
  })

  it('SUP-03: keeps the kernel at one package, and at most 60 with Fastify', () => {
    const files = {
      ...pkg('foundation', 'core'),
      'packages/foundation/core/README.md': readme.replaceAll('@covet/box', '@covet/core').replace('2 packages, 50', '2 packages, 61'),
      '.covet/packing.json': { '@covet/core': { alone: 2, withFastify: 61, ranges: '' } },
      'README.md': '<!-- packages:start -->\n<!-- packages:end -->\n',
    }
    const root = workspace(files)
    expect(lines(checkReadmes(root, true))).toEqual([
      'packages/foundation/core: installs 2 packages (61 with Fastify); the limit is 1 (60)',
    ])
  })

  it('asks for title, install command, example, every option and every error code', () => {
    const files = {
      ...good,
      [`${box}/README.md`]: '# Box\n\nInstalls 2 packages, 50 with Fastify.\n\n`width`\n',
      [`${box}/src/options.ts`]:
        'export interface BoxOptions {\n  width?: number\n  height?: number\n}\nexport interface ResolvedBoxOptions {\n  area: number\n}\n',
      [`${box}/src/errors.ts`]: `export class FullError extends Error {\n  constructor() {\n    super('box/full')\n  }\n}\n`,
    }
    expect(findingsIn(files)).toEqual([
      `${box}/README.md: must start with "# @covet/box"`,
      `${box}/README.md: has no install command such as "npm install @covet/box"`,
      `${box}/README.md: has no \`\`\`ts example`,
      `${box}/README.md: does not mention the option \`height\``,
      `${box}/README.md: does not mention the error box/full`,
    ])
  })

  it('keeps the package table at the root', () => {
    const root = workspace({ ...good, ...pkg('http', 'box', { description: 'Another box' }) })
    expect(lines(checkReadmes(root))).toEqual(['README.md: the part "packages" is out of date; run `pnpm readmes --write`'])
    expect(lines(checkReadmes(root, true))).toEqual([])
    expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain('| Another box |')
  })

  it('finds links of the root documents, and files of the table of concerns, that lead nowhere', () => {
    const architecture =
      '| concern | package | start at |\n|---|---|---|\n| boxes | `@covet/box` | `src/index.ts`, `src/lid.ts` |\n| lids | `@covet/lid` | `src/index.ts` |\n'
    const files = {
      ...good,
      'ARCHITECTURE.md': architecture,
      'CONTRIBUTING.md': 'See [this](README.md), [that](gone.md) and [there](https://example.org).\n',
    }
    expect(findingsIn(files)).toEqual([
      'CONTRIBUTING.md: links to gone.md, which does not exist',
      'ARCHITECTURE.md: names src/lid.ts of @covet/box, which does not exist',
      'ARCHITECTURE.md: names @covet/lid, which is no package of the workspace',
    ])
  })
})
