import { describe, expect, it } from '@jest/globals'
import { stage, type Npm } from '../release/stage.ts'
import { buildableWorkspace, packagesConfig, pkg } from './checks/fixture.ts'

function fixture(): string {
  return buildableWorkspace({
    ...packagesConfig('packages/http/box', 'packages/http/lid'),
    ...pkg('http', 'box'),
    ...pkg('http', 'lid'),
  })
}

const ok = { code: 0, stdout: '"0.1.0"', stderr: '' }
const unknown = { code: 1, stdout: '', stderr: 'npm error code E404' }

/** An npm that knows @covet/box@0.1.0 and records what it is asked to stage. */
function npmWithBox(calls: string[][], answer = ok): Npm {
  return async (...args) => {
    if (args[0] === 'view') return args[1] === '@covet/box@0.1.0' ? ok : unknown
    calls.push([...args])
    return answer
  }
}

describe('staging a release', () => {
  it('stages the versions npm does not have, as tarballs', async () => {
    const calls: string[][] = []
    expect(await stage(fixture(), npmWithBox(calls))).toEqual({ staged: ['@covet/lid@0.1.0'], failed: [] })
    expect(calls).toEqual([['stage', 'publish', expect.stringMatching(/lid\.tgz$/), '--access', 'public']])
  })

  it('reports what npm refuses', async () => {
    const refused = { code: 1, stdout: '', stderr: 'npm error 403 no trusted publisher\n' }
    expect(await stage(fixture(), npmWithBox([], refused))).toEqual({
      staged: [],
      failed: ['@covet/lid@0.1.0: npm error 403 no trusted publisher'],
    })
  })

  it('stages nothing when npm cannot tell what is published', async () => {
    const calls: string[][] = []
    const offline: Npm = async (...args) => {
      if (args[0] !== 'view') calls.push([...args])
      return { code: 1, stdout: '', stderr: 'npm error code ENOTFOUND' }
    }
    await expect(stage(fixture(), offline)).rejects.toThrow('npm does not say whether @covet/box@0.1.0 is published')
    expect(calls).toEqual([])
  })

  it('does nothing when every version is published', async () => {
    expect(await stage(fixture(), async () => ok)).toEqual({ staged: [], failed: [] })
  })
})
