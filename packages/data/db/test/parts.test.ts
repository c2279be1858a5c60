import { describe, expect, it } from '@jest/globals'
import { BoundedCache } from '../src/index.ts'

describe('the bounded cache', () => {
  it('never holds more than it may, keeps what is in use and tells what leaves', () => {
    const left: number[] = []
    const cache = new BoundedCache<number>(4, (value) => left.push(value))
    for (let value = 0; value < 20; value += 1) {
      cache.set(`key ${value}`, value)
      expect(cache.get('key 0')).toBe(0)
      expect(cache.size).toBeLessThanOrEqual(4)
    }
    expect(cache.get('key 1')).toBeUndefined()
    expect(cache.get('key 19')).toBe(19)
    expect(left).not.toContain(0)
    cache.clear()
    expect(cache.size).toBe(0)
    expect(left.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, value) => value))
  })

  it('replaces a value without growing', () => {
    const cache = new BoundedCache<string>(2)
    cache.set('a', 'first')
    cache.set('a', 'second')
    expect([cache.get('a'), cache.size]).toEqual(['second', 1])
  })
})
