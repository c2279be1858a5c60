import { describe, expect, it } from '@jest/globals'
import { measuredAgain } from '../src/again.ts'
import type { HttpRow } from '../src/http/measure.ts'
import { renderResults, type Results, type Row } from '../src/report.ts'

function row(contender: Row['contender'], cpu: number, speed = 1): Row {
  const spread = { median: speed, low: speed, high: speed }
  return { contender, kind: 'floor', speed: spread, wallSpeed: spread, cpu, wall: 10, p50: 10, p99: 20, rss: 2 ** 27, heap: 0 }
}

function server(contender: HttpRow['contender'], cpu: number): HttpRow {
  return { contender, speed: { median: 1, low: 1, high: 1 }, cpu, answersPerSecond: 1, p50: 1, p99: 1, rss: 1 }
}

const machine = { cpu: 'a core', cores: 2, os: 'linux x64', node: 'v24.21.0', date: '2026-11-20', load: 0.1, pinned: true }
const options = { rounds: 16, others: 3, slice: 250, warmup: 2500, fresh: 8 }
const recorded: Results = {
  machine,
  code: 'abc',
  options,
  versions: { pg: '8.23.1', kysely: '0.29.9' },
  engines: {
    sqlite: { 'select-pk': [row('raw', 1), row('covet', 2)], 'update-pk': [row('raw', 3), row('covet', 4, 0.84)] },
    postgres: { 'select-pk': [row('raw', 5)] },
  },
  http: { 1: [server('pg + JSON.stringify', 6)], 100: [server('pg + JSON.stringify', 7), server('covet json', 8)] },
}
const now: Results = {
  machine: { ...machine, date: '2026-11-22', load: 0.3 },
  code: 'abc',
  options: { ...options, rounds: 32 },
  versions: { pg: '8.23.1' },
  engines: { sqlite: { 'update-pk': [row('raw', 30), row('covet', 40, 0.86), row('kysely', 50)] } },
}

describe('a workload that is measured again', () => {
  it('takes the place of the recorded one, and says so', () => {
    const merged = measuredAgain(recorded, now)
    expect(merged).toEqual({
      ...recorded,
      engines: { ...recorded.engines, sqlite: { ...recorded.engines.sqlite, ...now.engines.sqlite } },
      again: [{ what: [{ name: 'sqlite update-pk', before: [0.84] }], date: '2026-11-22', load: 0.3, rounds: 32 }],
    })
    expect(Object.keys(merged.engines.sqlite ?? {})).toEqual(['select-pk', 'update-pk'])
    expect(renderResults(merged)).toContain('Measured again on 2026-11-22, load before 0.3, 32 rounds: sqlite update-pk (before 0.84).')
    expect(renderResults(recorded)).not.toContain('Measured again')
  })

  it('is named once, by the last run that measured it, with what it was before', () => {
    const both = { ...now, engines: { sqlite: { ...now.engines.sqlite, 'select-pk': [row('raw', 10), row('covet', 20)] } } }
    const third = { ...now, machine: { ...now.machine, date: '2026-11-23' } }
    expect(measuredAgain(measuredAgain(recorded, both), third).again?.map(({ what, date }) => [date, ...what])).toEqual([
      ['2026-11-22', { name: 'sqlite select-pk', before: [1] }],
      ['2026-11-23', { name: 'sqlite update-pk', before: [0.84, 0.86] }],
    ])
    expect(measuredAgain(measuredAgain(recorded, now), third).again).toHaveLength(1)
  })

  it('may be rows to HTTP', () => {
    const http = { 100: [server('pg + JSON.stringify', 70), server('covet json', 80)] }
    const merged = measuredAgain(recorded, { ...now, engines: {}, http })
    expect(merged.http).toEqual({ ...recorded.http, ...http })
    expect(merged.engines).toEqual(recorded.engines)
    expect(merged.again?.[0]?.what).toEqual([{ name: '100 rows to HTTP', before: [1] }])
  })

  it('is refused without all who are in the record', () => {
    const alone = { ...now, engines: { sqlite: { 'update-pk': [row('raw', 30)] } } }
    expect(() => measuredAgain(recorded, alone)).toThrow('sqlite update-pk was measured without covet, whom the record has.')
    const http = { 100: [server('covet json', 80)] }
    expect(() => measuredAgain(recorded, { ...now, engines: {}, http })).toThrow(
      '100 rows to HTTP was measured without pg + JSON.stringify',
    )
  })

  it('is refused of another machine, code or versions, or by less', () => {
    const again = (changed: Partial<Results>) => (): Results => measuredAgain(recorded, { ...now, ...changed })
    expect(again({ machine: { ...machine, node: 'v26.0.0' } })).toThrow('of another machine (node v24.21.0, here v26.0.0)')
    expect(again({ code: 'def' })).toThrow('of other code (abc, here is def). Run the whole benchmark.')
    expect(again({ versions: { pg: '9.0.0' } })).toThrow('The record is of pg 8.23.1, here is 9.0.0')
    expect(again({ versions: { drizzle: '1.0.0' } })).toThrow('of drizzle undefined, here is 1.0.0')
    expect(again({ options: { ...options, slice: 10 } })).toThrow('The record has slice 250, this run 10.')
    expect(again({ options: { ...options, rounds: 15 } })).toThrow('The record has 16 rounds, this run 15')
  })
})
