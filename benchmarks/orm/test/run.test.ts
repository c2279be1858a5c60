import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { contenderNames, contenders, runsOn, usualContenders } from '../src/contenders/registry.ts'
import { shuffled } from '../src/measure.ts'
import type { HttpRow } from '../src/http/measure.ts'
import { parseOptions, type RunOptions } from '../src/options.ts'
import { renderResults, type Results, type Row, toRows } from '../src/report.ts'
import { workloadNames } from '../src/workloads.ts'
import { isWhole, judge, profiled, reachVerdict, renderVerdict, withoutRow } from '../src/verdict.ts'

function row(contender: Row['contender'], kind: Row['kind'], speed: number): Row {
  const spread = { median: speed, low: speed, high: speed }
  return { contender, kind, speed: spread, wallSpeed: spread, cpu: 10, wall: 10, p50: 10, p99: 20, rss: 2 ** 27, heap: 0 }
}

const covet = (speed: number): Row => row('covet', 'covet', speed)
const server = (contender: HttpRow['contender'], speed: number): HttpRow => ({
  ...row('raw', 'floor', speed),
  contender,
  answersPerSecond: 1,
})

describe('the order of a round', () => {
  it('is shuffled and loses nobody', () => {
    const draws = [0.9, 0.1, 0.5]
    const order = shuffled(['a', 'b', 'c', 'd'], () => draws.shift() as number)
    expect(order.toSorted()).toEqual(['a', 'b', 'c', 'd'])
    expect(order).toEqual(['c', 'b', 'a', 'd'])
  })
})

describe('the rows', () => {
  it('are speeds against the floor in the same round, by CPU and by wall, and medians of the rest', () => {
    const slice = { operations: 1, cpu: 10, wall: 20, p50: 1, p99: 2, rss: 3, heap: 4, round: 0 }
    const slow = { ...slice, cpu: 40, wall: 80, round: 1 }
    const half = { ...slice, cpu: 20, wall: 20, p99: 8 }
    const [floor, kysely] = toRows(
      new Map([
        ['raw', [slow, slice]],
        ['kysely', [half]],
      ] as const),
    )
    expect(floor).toMatchObject({ contender: 'raw', kind: 'floor', speed: { median: 1 } })
    expect(kysely).toMatchObject({ contender: 'kysely', kind: 'builder', speed: { median: 0.5 }, wallSpeed: { median: 1 }, p99: 8 })
  })
})

describe('the verdict', () => {
  const others = [row('raw', 'floor', 1), row('typeorm', 'orm', 0.5), row('drizzle prepared', 'reference', 0.7)]
  const holds = (rows: Row[]): boolean[] => judge({ engines: { sqlite: { 'select-pk': rows } } }).map((finding) => finding.holds)

  it('holds Covet to the floor, to every ORM and builder, and to 0.9 of the best reference', () => {
    expect(holds([...others, covet(0.8)])).toEqual([true, true, true])
    expect(holds([...others, covet(0.79)])).toEqual([false, true, true])
    expect(holds([...others, covet(0.62)])).toEqual([false, true, false])
    expect(holds([...others, covet(0.5)])).toEqual([false, false, false])
  })

  it('lets a row be less than the best reference whose profile says why', () => {
    const rows = [row('raw', 'floor', 1), row('drizzle prepared', 'reference', 1), covet(0.86)]
    const judged = (workload: 'update-pk' | 'insert-one'): unknown[] =>
      judge({ engines: { sqlite: { [workload]: rows } } }).map(({ holds }) => holds)
    expect(judged('insert-one')).toEqual([true, false])
    expect(judged('update-pk')).toEqual([true, true])
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
    for (const name of profiled) expect(readme.split('## Why a row is below 0.9')[1]).toContain(`\`${name.split(' ')[1]}\` on SQLite`)
  })

  it('has no bar where none is set, and is none without Covet', () => {
    const rows = [...others, covet(0.71)]
    expect(judge({ engines: { sqlite: { 'filter-order-limit': rows } } })).toHaveLength(2)
    expect(judge({ engines: { sqlite: { 'select-pk': others } } })).toEqual([])
  })

  it('holds the best of Covet’s ways to HTTP to three times pg and JSON.stringify, at 100 rows', () => {
    const http = { 1: [server('covet models', 9)], 100: [server('pg + JSON.stringify', 1), server('covet models', 2.9)] }
    expect(judge({ engines: {}, http })).toMatchObject([{ holds: false }])
    expect(judge({ engines: {}, http: { 100: [server('covet models', 3)] } })).toMatchObject([{ holds: true }])
    expect(judge({ engines: {}, http: { 100: [server('pg + JSON.stringify', 1)] } })).toEqual([])
  })

  it('is printed with both figures', () => {
    const findings = judge({ engines: { sqlite: { 'select-pk': [...others, covet(0.6)] } } })
    const text = renderVerdict({ findings, unjudged: [] })
    expect(text).toContain('- sqlite select-pk: 0.60 of the floor, bar 0.8: **does not hold**')
    expect(text).toContain('- sqlite select-pk: 0.60 against typeorm (0.50): **holds**')
  })
})

describe('a verdict without all rows', () => {
  const rows = usualContenders.map((name) => row(name, contenders[name].kind, name === 'covet' ? 1 : 0.5))
  const everything = (): Pick<Results, 'engines' | 'http'> => ({
    engines: Object.fromEntries(
      (['sqlite', 'postgres'] as const).map((engine) => [
        engine,
        Object.fromEntries(workloadNames.map((name) => [name, rows.filter(({ contender }) => runsOn(contender, engine))])),
      ]),
    ),
    http: { 100: [server('pg + JSON.stringify', 1), server('covet json', 3)] },
  })
  const missing = (change: (results: ReturnType<typeof everything>) => void): string[] => {
    const results = everything()
    change(results)
    return withoutRow(results)
  }

  it('has nothing to say when all bars have their rows', () => {
    expect(withoutRow(everything())).toEqual([])
    expect(reachVerdict(everything(), true)).toMatchObject({ holds: true, unjudged: [] })
    expect(isWhole(parseOptions([]) as RunOptions)).toBe(true)
  })

  it('fails a whole run in which a workload, an engine, Covet or 100 rows to HTTP did not run', () => {
    const results = everything()
    delete results.engines.sqlite?.['bulk-1000']
    const { findings, holds } = reachVerdict(results, true)
    expect(holds).toBe(false)
    expect(findings.filter((finding) => !finding.holds)).toEqual([{ what: 'sqlite bulk-1000: no row', holds: false }])

    expect(missing(({ engines }) => delete engines.postgres)).toEqual(workloadNames.map((name) => `postgres ${name}`))
    const withoutCovet = rows.filter(({ kind }) => kind !== 'covet')
    expect(missing(({ engines }) => (engines.sqlite = { ...engines.sqlite, 'select-pk': withoutCovet }))).toEqual(['sqlite select-pk'])
    expect(missing((results) => delete results.http)).toEqual(['100 rows to HTTP'])
    expect(missing((results) => (results.http = { 100: [server('covet json', 3)] }))).toEqual(['100 rows to HTTP'])
  })

  it('names each contender that has not one row, and each workload with nobody to compare with', () => {
    const without = (results: ReturnType<typeof everything>, isLeftOut: (row: Row) => boolean): void => {
      for (const [name, measured] of Object.entries(results.engines.sqlite ?? {}))
        Object.assign(results.engines.sqlite ?? {}, { [name]: measured.filter((one) => !isLeftOut(one)) })
    }
    expect(missing((results) => without(results, ({ contender }) => contender === 'prisma'))).toEqual(['sqlite against prisma'])
    const alone = missing((results) => without(results, ({ kind }) => kind === 'reference'))
    expect(alone.slice(0, workloadNames.length)).toEqual(workloadNames.map((name) => `sqlite ${name} of the best reference`))
    expect(alone.slice(workloadNames.length)).toContain('sqlite against drizzle prepared')
  })

  it('does not fail a run that was asked for less, and says what was not judged', () => {
    const part = { engines: { sqlite: { 'select-pk': [row('raw', 'floor', 1), row('typeorm', 'orm', 0.5), covet(1)] } } }
    const verdict = reachVerdict(part, false)
    expect(verdict.holds).toBe(true)
    expect(verdict.unjudged).toEqual(
      expect.arrayContaining(['sqlite select-100', 'sqlite select-pk of the best reference', '100 rows to HTTP']),
    )
    expect(verdict.unjudged).not.toContain('sqlite select-pk')
    const text = renderVerdict(verdict)
    expect(text).toContain('- sqlite select-pk: 1.00 of the floor, bar 0.8: **holds**')
    expect(text).toContain('\n\nNot judged, for want of a row: sqlite select-pk of the best reference; sqlite select-100; ')
    expect(reachVerdict(part, true).holds).toBe(false)
  })

  it('is none where nothing was measured that a bar is set for', () => {
    expect(reachVerdict({ engines: {} }, false).holds).toBe(false)
    expect(renderVerdict({ findings: [], unjudged: [] })).toBe('No verdict: nothing was measured that a bar is set for.')
  })

  it.each([
    ['--rounds', '3'],
    ['--http', '100'],
    ['--engine', 'sqlite,postgres'],
  ])('fails when it was asked for with %s %s', (...args) => {
    expect(isWhole(parseOptions(args) as RunOptions)).toBe(true)
  })

  it.each([
    ['--engine', 'sqlite'],
    ['--workload', 'select-pk'],
    ['--contender', 'raw,covet'],
    ['--http', '1,10'],
  ])('does not fail when it was asked for with %s %s', (...args) => {
    expect(isWhole(parseOptions(args) as RunOptions)).toBe(false)
  })
})

describe('the report', () => {
  it('has one table of ratios per engine, then the figures of each workload', () => {
    const results: Results = {
      code: 'abc',
      machine: { cpu: 'a CPU', cores: 2, os: 'linux x64', node: 'v24.21.0', date: '2026-11-21', load: 0.1, pinned: true },
      options: { rounds: 9, others: 3, slice: 300, warmup: 1500, fresh: 5 },
      versions: { kysely: '0.29.9' },
      engines: { sqlite: { 'select-pk': [row('raw', 'floor', 1), row('kysely', 'builder', 0.05)], 'bulk-1000': [row('raw', 'floor', 1)] } },
    }
    const text = renderResults({ ...results, http: { 1: [server('pg + JSON.stringify', 1)], 100: [server('covet models', 3)] } })
    expect(text).toContain('| covet models | – | 10.0 (3.00×) |')
    expect(text).toContain(
      'pinned to one, load before the run 0.1; 9 rounds of 300 ms after 1500 ms of warm-up, ORMs and builders as they come in one round of 3; code abc.',
    )
    expect(text).toContain('| speed by CPU (by wall) | select-pk | bulk-1000 |')
    expect(text).toContain('| kysely | 0.050 (0.050) | – |')
    expect(text).toContain('#### SQLite: a row by primary key')
    expect(text).toContain('| raw | 1.00 (1.00–1.00) | 10.0 | 10.0 | 10.0 | 20.0 | 128 | – |')
  })
})

describe('the options', () => {
  it('measure everybody but the control', () => {
    const chosen = parseOptions([])
    expect(chosen).toMatchObject({ engines: ['sqlite', 'postgres'], http: [1, 10, 100, 1_000], verdict: false })
    expect(chosen?.contenders).toHaveLength(contenderNames.length - 1)
    expect(chosen?.contenders).not.toContain('raw again')
    expect(parseOptions(['--help'])).toBeUndefined()
  })

  it('take lists, and none', () => {
    expect(parseOptions(['--engine', 'none', '--http', '1, 100', '--contender', 'raw again,kysely'])).toMatchObject({
      engines: [],
      http: [1, 100],
      contenders: ['raw again', 'kysely'],
    })
  })

  it('refuse what nobody knows, and a count that is none', () => {
    expect(() => parseOptions(['--contender', 'waterline'])).toThrow("'waterline' is none of: raw, ")
    expect(() => parseOptions(['--workload', 'select-all'])).toThrow("'select-all' is none of: select-pk")
    expect(() => parseOptions(['--http', '5'])).toThrow("'5' is none of: 1, 10, 100, 1000.")
    expect(() => parseOptions(['--slice', '0'])).toThrow('--slice takes a whole number above 0')
  })
})

describe('the contenders', () => {
  it('have exactly one floor', () => {
    expect(contenderNames.filter((name) => contenders[name].kind === 'floor')).toEqual(['raw'])
  })
})
