import { errors } from '@covet/db'
import { describe, expect, it } from '@jest/globals'
import { slugify, withFreeSlug } from '../src/articles/slug.ts'

const taken = (columns = ['slug']): Error => new errors.UniqueViolation({ table: 'articles', columns })

describe('a slug', () => {
  it.each([
    ['Crème brûlée, again!', 'creme-brulee-again'],
    ['  --Hello   World--  ', 'hello-world'],
    ['a/b?c=d&e#f', 'a-b-c-d-e-f'],
    ['日本語', ''],
    [`${'x'.repeat(79)} y`, 'x'.repeat(79)],
  ])('of %j is %j', (title, slug) => {
    expect(slugify(title)).toBe(slug)
  })

  it('gets a suffix when it is taken, and another when that is taken too', async () => {
    const tried: string[] = []
    await withFreeSlug('Hello', async (slug) => {
      tried.push(slug)
      if (tried.length < 3) throw taken()
    })
    expect(tried).toEqual(['hello', expect.stringMatching(/^hello-[0-9a-f]{8}$/), expect.stringMatching(/^hello-[0-9a-f]{8}$/)])
    expect(new Set(tried).size).toBe(3)
  })

  it('is given up after five attempts, and at once for another error', async () => {
    let attempts = 0
    const failing = (error: Error): Promise<never> =>
      withFreeSlug('Hello', async () => {
        attempts += 1
        throw error
      })
    await expect(failing(taken())).rejects.toBeInstanceOf(errors.UniqueViolation)
    expect(attempts).toBe(5)
    await expect(failing(taken(['title']))).rejects.toBeInstanceOf(errors.UniqueViolation)
    await expect(failing(new TypeError('other'))).rejects.toThrow('other')
    expect(attempts).toBe(7)
  })
})
