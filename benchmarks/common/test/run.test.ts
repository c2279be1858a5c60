import { describe, expect, it } from '@jest/globals'
import { count, list } from '../src/command.ts'
import { describeMachine, installedVersion } from '../src/machine.ts'
import { renderFindings, renderVersions, table } from '../src/table.ts'

describe('the command line', () => {
  it('takes names that are known, all or those meant by default', () => {
    expect(list('b, a', ['a', 'b'])).toEqual(['b', 'a'])
    expect(list(undefined, ['a', 'b'])).toEqual(['a', 'b'])
    expect(list(undefined, ['a', 'b'], ['b'])).toEqual(['b'])
    expect(() => list('c', ['a', 'b'], ['b'])).toThrow("'c' is none of: a, b.")
  })

  it('takes counts within their range', () => {
    expect(count('rounds', '9')).toBe(9)
    for (const value of ['0', '-1', '1.5', 'many', ''])
      expect(() => count('rounds', value)).toThrow('--rounds takes a whole number above 0')
    expect(() => count('slice', '6', 5)).toThrow("--slice takes a whole number from 1 to 5, not '6'.")
  })
})

describe('the machine', () => {
  it('is named with its processor, its Node and its load', () => {
    expect(describeMachine()).toMatchObject({ node: process.version, pinned: false, date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) })
    expect(describeMachine({ contender: 0 })).toMatchObject({ pinned: true, cores: expect.any(Number), load: expect.any(Number) })
  })

  it('knows the version of what is installed, in the first folder that has it', () => {
    const [here, workspace] = [new URL('../', import.meta.url), new URL('../../../', import.meta.url)]
    expect(installedVersion('@jest/globals', here)).toMatch(/^30\./)
    expect(installedVersion('typescript', here, workspace)).toMatch(/^\d+\.\d+\.\d+$/)
    expect(installedVersion('typescript', here)).toBeUndefined()
  })
})

describe('the tables', () => {
  it('have texts to the left and figures to the right', () => {
    expect(table(['name', 'engine', 'ms'], [['a', 'b', '1']], 2)).toBe('| name | engine | ms |\n| --- | --- | --: |\n| a | b | 1 |')
  })

  it('say what holds and what ran', () => {
    const text = renderFindings([
      { what: 'a', holds: true },
      { what: 'b', holds: false },
    ])
    expect(text).toBe('- a: **holds**\n- b: **does not hold**')
    expect(renderVersions({ kysely: '0.29.9', pg: '8.23.1' })).toBe('Versions: kysely 0.29.9, pg 8.23.1.')
  })
})
