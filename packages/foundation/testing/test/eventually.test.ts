import { describe, expect, it } from '@jest/globals'
import { eventually, failure } from '@covet/testing'

describe('eventually', () => {
  it('tries until nothing is thrown, and gives what it came to', async () => {
    let tries = 0
    const answer = await eventually(async () => {
      tries += 1
      expect(tries).toBe(3)
      return 'there'
    })
    expect([answer, tries]).toEqual(['there', 3])
  })

  it('throws what the last try threw when it has taken too long', async () => {
    let tries = 0
    const never = eventually(
      () => {
        tries += 1
        throw new Error(`try ${tries}`)
      },
      { within: 50 },
    )
    await expect(never).rejects.toThrow(/^try \d+$/)
    expect(await failure(never)).toMatchObject({ message: `try ${tries}` })
    expect(tries).toBeGreaterThan(1)
  })
})

describe('failure', () => {
  it('is what the promise rejects with, and undefined where it does not', async () => {
    expect(await failure(Promise.reject(new TypeError('no')))).toMatchObject({ message: 'no' })
    expect(await failure(Promise.resolve(1))).toBeUndefined()
  })
})
