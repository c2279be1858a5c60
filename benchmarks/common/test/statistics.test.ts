import { describe, expect, it } from '@jest/globals'
import { median, pairedSpeed, quantile, spread } from '../src/statistics.ts'

describe('statistics', () => {
  it('take the middle of an odd number of values and the mean of the middle two of an even one', () => {
    expect(median([5, 1, 3])).toBe(3)
    expect(median([4, 1, 3, 2])).toBe(2.5)
  })

  it('interpolate quantiles and leave the values in their order', () => {
    const values = [10, 0, 20, 40, 30]
    expect(quantile(values, 0.25)).toBe(10)
    expect(quantile(values, 0.99)).toBeCloseTo(39.6)
    expect(spread(values)).toEqual({ median: 20, low: 10, high: 30 })
    expect(values).toEqual([10, 0, 20, 40, 30])
  })

  it('have no median of nothing', () => {
    expect(median([])).toBeNaN()
  })

  it('pair costs by round, so that a slow round of the machine changes no speed', () => {
    const reference = [10, 10, 30, 10]
    const twiceAsCostly = [20, 20, 60, 20]
    expect(pairedSpeed(reference, twiceAsCostly)).toEqual({ median: 0.5, low: 0.5, high: 0.5 })
  })
})
