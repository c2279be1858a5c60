import { execFileSync } from 'node:child_process'
import { describe, expect, it } from '@jest/globals'
import { checkChangesets } from '../../checks/changeset.ts'
import { lines, pkg, workspace, writeFiles, type Files } from './fixture.ts'

const changeset = (releases: Record<string, string>, summary: string): string =>
  `---\n${Object.entries(releases)
    .map(([name, bump]) => `"${name}": ${bump}\n`)
    .join('')}---\n\n${summary}\n`
const released = { 'packages/http/box/CHANGELOG.md': '# @covet/box\n' }

function git(root: string, ...args: string[]): void {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgsign=false']
  execFileSync('git', [...identity, ...args], { cwd: root, stdio: 'ignore' })
}

/** A repository whose origin/main is its first commit. */
function repository(files: Files): string {
  const root = workspace(files)
  git(root, 'init', '--initial-branch=main')
  git(root, 'add', '.')
  git(root, 'commit', '--message=first')
  git(root, 'update-ref', 'refs/remotes/origin/main', 'HEAD')
  return root
}

describe('changesets', () => {
  it('asks for one that names a package never released, in a clone without a remote', async () => {
    const root = workspace(pkg('http', 'box'))
    expect(lines(await checkChangesets(root))).toEqual([
      'packages/http/box: was never released and no changeset names @covet/box; run `pnpm changeset`',
    ])
    writeFiles(root, { '.changeset/box.md': changeset({ '@covet/box': 'minor' }, 'Add `box`, which holds things.') })
    expect(lines(await checkChangesets(root))).toEqual([])
  })

  it('asks for a new one when src changed since main, committed or not', async () => {
    const root = repository({ ...pkg('http', 'box'), ...released, '.changeset/old.md': changeset({ '@covet/box': 'minor' }, 'Add `box`.') })
    expect(lines(await checkChangesets(root))).toEqual([])
    writeFiles(root, { 'packages/http/box/src/index.ts': 'export const answer: number = 43\n' })
    const missing = ['packages/http/box: its src changed and no new changeset names @covet/box; run `pnpm changeset`']
    expect(lines(await checkChangesets(root))).toEqual(missing)
    git(root, 'commit', '--all', '--message=second')
    expect(lines(await checkChangesets(root))).toEqual(missing)
    writeFiles(root, { '.changeset/new.md': changeset({ '@covet/box': 'patch' }, 'Correct `answer`.') })
    expect(lines(await checkChangesets(root))).toEqual([])
  })

  it('leaves a change of tests and documents alone', async () => {
    const root = repository({ ...pkg('http', 'box'), ...released })
    writeFiles(root, { 'packages/http/box/README.md': '# @covet/box\n', 'packages/http/box/test/box.test.ts': '' })
    expect(lines(await checkChangesets(root))).toEqual([])
  })

  it('refuses an unknown package, an unknown bump, an empty one and a summary that is no sentence', async () => {
    const root = workspace({
      '.changeset/a.md': changeset({ '@covet/lost': 'minor' }, 'Add `lost`.'),
      '.changeset/b.md': changeset({}, 'Add nothing.'),
      '.changeset/c.md': changeset({ '@covet/box': 'huge' }, 'stuff'),
      '.changeset/README.md': 'not a changeset',
      ...pkg('http', 'box'),
    })
    expect(lines(await checkChangesets(root))).toEqual([
      '.changeset/a.md: names @covet/lost, which is no package of the workspace',
      '.changeset/b.md: names no package',
      '.changeset/c.md: needs one sentence, verb first, with a full stop',
      '.changeset/c.md: asks for "huge" of @covet/box; write patch, minor or major',
    ])
  })

  it('asks that the peers of a package gone major go major with it', async () => {
    const peers = { peerDependencies: { '@covet/box': 'workspace:^' } }
    const root = workspace({
      ...pkg('http', 'box'),
      ...pkg('http', 'lid', peers),
      ...released,
      'packages/http/lid/CHANGELOG.md': '# @covet/lid\n',
      '.changeset/a.md': changeset({ '@covet/box': 'major' }, 'Remove `answer`.'),
    })
    expect(lines(await checkChangesets(root))).toEqual([
      '.changeset/a.md: @covet/box goes major, so its peer @covet/lid must be major in the same changeset',
    ])
  })
})
