import { describe, expect, it } from '@jest/globals'
import { CircuitBreaker, retry, RetryBudget, withDeadline } from '../src/index.ts'

describe('the example of the README', () => {
  it('asks a shaky service, and leaves it alone while it is down', async () => {
    let asked = 0
    const askRates = async (): Promise<{ eur: number }> => {
      asked += 1
      if (asked === 1) throw new Error('reset')
      return { eur: 1.08 }
    }

    const breaker = new CircuitBreaker({ failures: 5, openFor: '5s' })
    const budget = new RetryBudget()
    const rates = (): Promise<{ eur: number }> =>
      breaker.run(() => retry(() => withDeadline('2s', () => askRates()), { retries: 2, budget }))

    expect(await rates()).toEqual({ eur: 1.08 })
    expect([asked, budget.left, breaker.state]).toEqual([2, 9, 'closed'])
  })
})
