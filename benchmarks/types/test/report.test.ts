import { describe, expect, it } from '@jest/globals'
import { parseOptions } from '../src/options.ts'
import { judge, renderResults, renderVerdict, type Results, type Row } from '../src/report.ts'

const options = { models: 50, queries: 1_000, rounds: 1 }

function row(changes: Partial<Row> = {}): Row {
  return {
    subject: 'covet',
    compiler: '7.0',
    stage: 'queries',
    cpu: 2.5,
    instantiations: 900_000,
    types: 80_000,
    memory: 128 * 1_048_576,
    ...changes,
  }
}

describe('the budget of models and queries (ORM-1)', () => {
  it('holds at its bounds', () => {
    expect(judge({ options, rows: [row({ cpu: 3, instantiations: 1_200_000 })] }).map(({ holds }) => holds)).toEqual([true, true])
  })

  it('does not hold above them, each by itself', () => {
    expect(judge({ options, rows: [row({ cpu: 3.01 })] }).map(({ holds }) => holds)).toEqual([false, true])
    expect(judge({ options, rows: [row({ instantiations: 1_200_001 })] }).map(({ holds }) => holds)).toEqual([true, false])
  })

  it('is not judged by another size, compiler, stage or library', () => {
    expect(judge({ options: { ...options, queries: 500 }, rows: [row()] })).toEqual([])
    const others = [row({ compiler: '6.0' }), row({ stage: 'models' }), row({ subject: 'kysely' })]
    expect(judge({ options, rows: others })).toEqual([])
    expect(renderVerdict([])).toContain('No verdict')
  })
})

describe('the table', () => {
  it('says what was measured, where, and with what', () => {
    const machine = { date: '2026-11-21', node: 'v24.21.0', cpu: 'a CPU', cores: 2, os: 'linux x64', load: 0.1, pinned: false }
    const results: Results = { machine, options, versions: { kysely: '0.29.9' }, rows: [row(), row({ stage: 'models', cpu: 0.5 })] }
    const text = renderResults(results)
    expect(text).toContain('2026-11-21, Node v24.21.0, 2 cores (a CPU), load before the run 0.1; least CPU of 1.')
    expect(text).toContain('| covet | 7.0 | and 1,000 queries | 2.50 | 900,000 | 80,000 | 128 |')
    expect(text).toContain('| covet | 7.0 | 50 models | 0.50 |')
    expect(text).toContain('Versions: kysely 0.29.9.')
  })
})

describe('the options', () => {
  it('measure everything by default', () => {
    expect(parseOptions([])).toMatchObject({
      compilers: ['5.9', '6.0', '7.0'],
      subjects: ['covet', 'drizzle', 'kysely'],
      models: 50,
      queries: 1_000,
    })
    expect(parseOptions(['--help'])).toBeUndefined()
  })

  it('refuse what nobody knows, what is no count, and queries that do not come out even', () => {
    expect(() => parseOptions(['--compiler', '4.0'])).toThrow("'4.0' is none of: 5.9, 6.0, 7.0")
    expect(() => parseOptions(['--rounds', '0'])).toThrow('--rounds takes a whole number above 0')
    expect(() => parseOptions(['--models', '3', '--queries', '10'])).toThrow('must be a multiple')
  })
})
