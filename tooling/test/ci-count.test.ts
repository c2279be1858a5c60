import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { closingLine, countStep, sum } from '../launch/ci-count.ts'
import { steps } from '../launch/ci-steps.ts'

const folder = mkdtempSync(join(tmpdir(), 'covet-ci-count-'))
afterAll(() => rmSync(folder, { recursive: true }))

function report(results: Record<string, number>): string {
  const file = join(folder, 'report.json')
  const none = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, numRuntimeErrorTestSuites: 0 }
  writeFileSync(file, JSON.stringify({ ...none, ...results }))
  return file
}

describe('the count that closes CI', () => {
  it('counts a check as one', () => {
    expect(countStep(0, undefined)).toEqual({ passed: 1, failed: 0, skipped: 0 })
    expect(countStep(2, undefined)).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })

  it('counts a test run by its tests', () => {
    expect(countStep(0, report({ numPassedTests: 40, numPendingTests: 2 }))).toEqual({ passed: 40, failed: 0, skipped: 2 })
    expect(countStep(1, report({ numPassedTests: 40, numFailedTests: 3 }))).toEqual({ passed: 40, failed: 3, skipped: 0 })
  })

  it('counts a suite that did not load, and a run that failed for another reason, as failures', () => {
    expect(countStep(1, report({ numPassedTests: 40, numRuntimeErrorTestSuites: 1 })).failed).toBe(1)
    expect(countStep(1, report({ numPassedTests: 40 })).failed).toBe(1)
    expect(countStep(0, join(folder, 'never-written.json')).failed).toBe(1)
  })

  it('adds up to one plain line', () => {
    const total = sum([countStep(0, report({ numPassedTests: 40 })), countStep(0, undefined), countStep(1, undefined)])
    expect(closingLine(total)).toBe('41 passed, 1 failed')
    expect(closingLine({ passed: 1, failed: 0, skipped: 2 })).toBe('1 passed, 0 failed, 2 skipped')
  })
})

describe('the steps of CI', () => {
  it('run the tests first and on both Nodes, then every check', () => {
    const names = steps({ major: '24', newest: '/node-26' }).map(({ name }) => name)
    expect(names.slice(0, 2)).toEqual(['Tests pass on Node 24', 'Packages and Conduit pass on Node 26'])
    expect(names.length).toBeGreaterThan(10)
  })

  it('names the reason where there is no second Node', () => {
    const skipped = steps({ major: '24', newest: undefined }).filter(({ skipReason }) => skipReason)
    expect(skipped.map(({ name }) => name)).toEqual(['Packages and Conduit pass on Node 26'])
  })
})
