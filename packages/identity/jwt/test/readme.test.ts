import { randomBytes } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { createJwt } from '../src/index.ts'

describe('the first example of the README', () => {
  it('signs and verifies', () => {
    const tokens = createJwt({
      issuer: 'https://shop.example',
      audience: 'https://shop.example',
      keys: [{ algorithm: 'HS256', secret: randomBytes(32) }],
    })

    const token = tokens.sign({ sub: '42' })

    const check = tokens.verify(token)
    if (!check.ok) throw check.error
    expect(check.claims.sub).toBe('42')
  })
})
