import { describe, expect, it } from '@jest/globals'
import { checkCoverage } from '../../checks/coverage.ts'
import { lines, pkg, workspace } from './fixture.ts'

const counts = (covered: number, total: number): object => ({ total, covered, skipped: 0, pct: 0 })
const summary = (files: Record<string, [lines: number, branches: number]>): object =>
  Object.fromEntries(
    Object.entries(files).map(([file, [line, branch]]) => [
      `/somewhere/${file}`,
      { lines: counts(line, 100), branches: counts(branch, 100) },
    ]),
  )

describe('coverage', () => {
  it('holds each package to both bars, over all its files', () => {
    const root = workspace({
      ...pkg('http', 'box'),
      ...pkg('http', 'lid'),
      'coverage/coverage-summary.json': summary({
        'packages/http/box/src/a.ts': [100, 100],
        'packages/http/box/src/b.ts': [70, 60],
        'packages/http/lid/src/a.ts': [84, 79],
      }),
    })
    const outcome = checkCoverage(root)
    expect(lines(outcome)).toEqual([
      'packages/http/lid: 84.0 % of lines are covered; the bar is 85 %',
      'packages/http/lid: 79.0 % of branches are covered; the bar is 80 %',
    ])
    expect(outcome.notes).toEqual(['package      lines  branches', '@covet/box   85.0%     80.0%', '@covet/lid   84.0%     79.0%'])
  })

  it('finds a package that no test loads', () => {
    const root = workspace({ ...pkg('http', 'box'), 'coverage/coverage-summary.json': {} })
    expect(lines(checkCoverage(root))).toEqual(['packages/http/box: no file of its src was loaded by a test'])
  })

  it('says what to run when there is no summary', () => {
    expect(lines(checkCoverage(workspace({})))).toEqual(['coverage/coverage-summary.json: is missing; run `npm test` first'])
  })
})
