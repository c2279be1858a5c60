import { describe, expect, it } from '@jest/globals'
import { type BreakerOptions, CircuitBreaker, errors } from '../src/index.ts'

interface Rig {
  breaker: CircuitBreaker
  states: string[]
  advance: (ms: number) => void
}

function rig(options: BreakerOptions = {}): Rig {
  let now = 0
  const states: string[] = []
  const breaker = new CircuitBreaker({
    failures: 3,
    window: 1_000,
    openFor: 500,
    now: () => now,
    changed: (state) => states.push(state),
    ...options,
  })
  return { breaker, states, advance: (ms) => (now += ms) }
}

const down = new Error('down')

function fail(breaker: CircuitBreaker, times: number, error: unknown = down): void {
  for (let count = 0; count < times; count += 1) if (breaker.admits()) breaker.failed(error)
}

describe('a circuit breaker', () => {
  it('opens after so many failures in a row, and says how long', () => {
    const { breaker, states, advance } = rig()
    fail(breaker, 2)
    expect([breaker.state, breaker.admits(), breaker.retryAfterMs]).toEqual(['closed', true, 0])
    fail(breaker, 1)
    advance(100)
    expect([breaker.state, breaker.admits(), breaker.retryAfterMs, breaker.lastError]).toEqual(['open', false, 400, down])
    expect(states).toEqual(['open'])
  })

  it('begins to count again after a success', () => {
    const { breaker } = rig()
    fail(breaker, 2)
    breaker.succeeded()
    fail(breaker, 2)
    expect(breaker.state).toBe('closed')
  })

  it('forgets failures older than its window', () => {
    const { breaker, advance } = rig()
    fail(breaker, 2)
    advance(1_001)
    fail(breaker, 2)
    expect(breaker.state).toBe('closed')
    fail(breaker, 1)
    expect(breaker.state).toBe('open')
  })

  it('R4 takes what does not count for an answer', () => {
    const { breaker } = rig({ counts: (error) => error === down })
    fail(breaker, 2)
    fail(breaker, 1_000, new Error('unique violation'))
    fail(breaker, 2)
    expect(breaker.state).toBe('closed')
  })

  it('admits one attempt when its time is up, and closes when that goes well', () => {
    const { breaker, states, advance } = rig()
    fail(breaker, 3)
    advance(500)
    expect([breaker.admits(), breaker.admits(), breaker.state]).toEqual([true, false, 'half-open'])
    breaker.succeeded()
    expect([breaker.admits(), breaker.admits()]).toEqual([true, true])
    expect(states).toEqual(['open', 'half-open', 'closed'])
  })

  it('opens again for as long when the attempt fails', () => {
    const { breaker, states, advance } = rig()
    fail(breaker, 3)
    advance(500)
    fail(breaker, 1)
    expect([breaker.admits(), breaker.retryAfterMs]).toEqual([false, 500])
    expect(states).toEqual(['open', 'half-open', 'open'])
  })

  it('admits another attempt when the first never says how it went', () => {
    const { breaker, advance } = rig()
    fail(breaker, 3)
    advance(500)
    expect([breaker.admits(), breaker.admits()]).toEqual([true, false])
    advance(500)
    expect(breaker.admits()).toBe(true)
  })

  it('is not moved while open by what was under way before', () => {
    const { breaker, states, advance } = rig()
    fail(breaker, 3)
    breaker.succeeded()
    advance(400)
    breaker.failed(down)
    expect([breaker.state, breaker.retryAfterMs]).toEqual(['open', 100])
    expect(states).toEqual(['open'])
  })

  it('runs work and refuses it at once while open', async () => {
    const { breaker } = rig({ failures: 1 })
    expect(await breaker.run(() => 'fine')).toBe('fine')
    await expect(breaker.run(() => Promise.reject(down))).rejects.toBe(down)
    await expect(breaker.run(() => 'never')).rejects.toMatchObject({
      code: 'resilience/circuit-open',
      statusCode: 503,
      headers: { 'retry-after': '1' },
      retryAfterMs: 500,
      cause: down,
    })
  })

  it('works with its defaults', () => {
    const breaker = new CircuitBreaker()
    fail(breaker, 4)
    expect(breaker.admits()).toBe(true)
    fail(breaker, 1)
    expect(breaker.admits()).toBe(false)
    expect(breaker.retryAfterMs).toBeGreaterThan(4_000)
  })

  it('refuses a number of failures that means nothing', () => {
    expect(() => new CircuitBreaker({ failures: 0 })).toThrow(errors.InvalidResilienceOptionError)
  })
})
