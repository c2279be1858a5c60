import { describe, expect, it } from '@jest/globals'
import { inTurn } from '../src/measure.ts'
import { judge } from '../src/verdict.ts'
import type { ResultRow } from '../src/report.ts'
import { parseOptions } from '../src/options.ts'

describe('the order of a round', () => {
  it('has another contender first each time, backwards every second time', () => {
    expect([0, 1, 2].map((round) => inTurn(['a', 'b', 'c'], round).join(''))).toEqual(['abc', 'bac', 'cab'])
  })
})

function row(contender: ResultRow['contender'], speed: number): ResultRow {
  return { contender, speed: { median: speed, low: speed, high: speed }, cpu: 1, answersPerSecond: 1, p50: 1, p99: 1, rss: 1 }
}

describe('the verdict', () => {
  const bound = { workload: 'hello', reference: 'fastify', control: 'fastify again', atLeast: 0.96 } as const

  it('holds at the bound when the control is itself', () => {
    expect(judge(bound, 1, [row('fastify', 1), row('covet', 0.96), row('fastify again', 0.995)])).toMatchObject({
      controlHeld: true,
      holds: true,
    })
  })

  it('does not hold below the bound', () => {
    expect(judge(bound, 1, [row('covet', 0.95), row('fastify again', 1.008)])).toMatchObject({ controlHeld: true, holds: false })
  })

  it('is none when the control is not itself, however fast Covet was', () => {
    expect(judge(bound, 1, [row('covet', 1.1), row('fastify again', 1.02)])).toMatchObject({ controlHeld: false, holds: false })
  })
})

describe('the options', () => {
  it('leave the controls out of the table', () => {
    expect(parseOptions([])?.contenders).toEqual(expect.not.arrayContaining(['fastify again']))
  })

  it('refuse a contender nobody knows, and a count that is none', () => {
    expect(() => parseOptions(['--contenders', 'koa'])).toThrow("'koa' is none of: node:http, fastify")
    expect(() => parseOptions(['--rounds', 'many'])).toThrow('--rounds takes a whole number above 0')
  })
})
