import { describe, expect, it } from '@jest/globals'
import { caseIds, cases } from '../src/cases.ts'
import { type Bound, type Figure, format, formatBound, formatPeer, furthest, holds } from '../src/figure.ts'
import { parseOptions } from '../src/options.ts'
import { judge, renderResults, renderVerdict, type Row } from '../src/report.ts'

const figure = (value: number, bound?: Bound): Figure => ({ what: 'a query rejects', unit: 'ms', value, ...(bound && { bound }) })
const row = (value: number, bound?: Bound): Row => ({ id: 'DB-13', engine: 'postgres', ...figure(value, bound) })

describe('a bound', () => {
  it('from above holds below it only', () => {
    expect([299.9, 300, 301].map((value) => holds(figure(value, { below: 300 })))).toEqual([true, false, false])
  })

  it('about a value holds on both sides of it, at its ends too', () => {
    const bound = { about: 250, within: 100 }
    expect([149, 150, 250, 350, 351].map((value) => holds(figure(value, bound)))).toEqual([false, true, true, true, false])
  })

  it('does not hold for what could not be measured, and is none where the text has none', () => {
    expect(holds(figure(Number.NaN, { below: 300 }))).toBe(false)
    expect(holds(figure(Number.NaN, { about: 250, within: 100 }))).toBe(false)
    expect(holds(figure(1))).toBeUndefined()
  })

  it('is held to the value that is furthest away, whichever side', () => {
    expect(furthest([251, 240, 255], 250)).toBe(240)
    expect(furthest([251, 262, 245], 250)).toBe(262)
    expect(furthest([], 250)).toBeNaN()
  })
})

describe('a figure', () => {
  it('is shown in its unit, with as many digits as say something', () => {
    expect([0.0123, 4.44, 99.5, 12_345.6].map((value) => format(value, 'ms'))).toEqual(['0.01 ms', '4.4 ms', '100 ms', '12,346 ms'])
    expect([250_000, 4_400_000, -3_000_000, 168e6].map((value) => format(value, 'MB'))).toEqual(['0.25 MB', '4.4 MB', '-3.0 MB', '168 MB'])
    expect(format(1_000, '')).toBe('1,000')
    expect(format(Number.NaN, 'ms')).toBe('not measured')
  })

  it('is shown beside its bound and beside what one would use without Covet', () => {
    expect(formatBound({ below: 300e6 }, 'MB')).toBe('< 300 MB')
    expect(formatBound({ about: 250, within: 100 }, 'ms')).toBe('250 ms ± 100 ms')
    expect(formatPeer({ ...figure(14), peer: { name: 'better-sqlite3', value: 2_002 } })).toBe('better-sqlite3: 2,002 ms (143.00×)')
    expect(formatPeer(figure(14))).toBe('')
  })
})

describe('the report', () => {
  const machine = { cpu: 'a CPU', cores: 2, os: 'linux x64', node: 'v24.21.0', date: '2026-11-21', load: 0.1, pinned: false }
  const rows = [row(105, { below: 300 }), row(420, { below: 300 }), row(1)]

  it('has a row a figure, and says where it was measured and with what', () => {
    const text = renderResults({ machine, versions: { pg: '8.23.1' }, rows })
    expect(text).toContain('2026-11-21, Node v24.21.0, linux x64, 2 cores (a CPU), load before the run 0.1.')
    expect(text).toContain('| DB-13 | PostgreSQL | a query rejects | 105 ms | < 300 ms | holds |  |')
    expect(text).toContain('| DB-13 | PostgreSQL | a query rejects | 420 ms | < 300 ms | **does not hold** |  |')
    expect(text).toContain('| DB-13 | PostgreSQL | a query rejects | 1.0 ms |  |  |  |')
    expect(text).toContain('Versions: pg 8.23.1.')
  })

  it('judges what has a bound, and names those that do not hold', () => {
    expect(judge(rows).map((finding) => finding.holds)).toEqual([true, false])
    expect(renderVerdict(judge(rows))).toBe('- DB-13 on PostgreSQL: a query rejects: 420 ms, bound < 300 ms: **does not hold**')
    expect(renderVerdict(judge(rows.slice(0, 1)))).toBe('All 1 bounds hold.')
    expect(renderVerdict(judge(rows.slice(2)))).toContain('No verdict')
  })
})

describe('the options', () => {
  it('measure every case on every engine', () => {
    expect(parseOptions([])).toEqual({ only: caseIds, engines: ['sqlite', 'postgres', 'mariadb'], verdict: false, write: false })
    expect(parseOptions(['--help'])).toBeUndefined()
  })

  it('take some of them, and refuse what nobody knows', () => {
    expect(parseOptions(['--only', 'DB-13, ORM-14', '--engine', 'mariadb', '--verdict'])).toMatchObject({
      only: ['DB-13', 'ORM-14'],
      engines: ['mariadb'],
      verdict: true,
    })
    expect(() => parseOptions(['--only', 'DB-99'])).toThrow("'DB-99' is none of: DB-5, DB-6")
  })
})

describe('the cases', () => {
  it('are those with a time, rate or memory figure that no other benchmark has', () => {
    expect(caseIds).toEqual(['DB-5', 'DB-6', 'DB-10', 'DB-12', 'DB-13', 'DB-15', 'ORM-14', 'ORM-16', 'P7', 'REL-08', 'REL-10'])
    expect(cases.every(({ engines }) => engines.length > 0)).toBe(true)
  })
})
