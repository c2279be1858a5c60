import { randomBytes } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { Secret } from '@covet/core'
import { UnknownPepperError } from '../src/errors.ts'
import { createPasswords } from '../src/index.ts'
import { countingEngine } from './support/engine.ts'

const passwords = createPasswords({ dangerouslyFast: true })
const pepperKey = (): Secret<Uint8Array> => new Secret(new Uint8Array(randomBytes(32)))

describe('hashing and verifying', () => {
  it('gives one password two different hashes that both verify', async () => {
    const [one, two] = await Promise.all([passwords.hash('letmein'), passwords.hash('letmein')])
    expect(one).not.toBe(two)
    expect((await passwords.verify('letmein', one)).ok).toBe(true)
    expect((await passwords.verify('letmein', two)).ok).toBe(true)
  })

  it.each([
    ['a NUL byte', 'before\0after', 'before'],
    ['an emoji', 'pass👩‍👩‍👧word', 'pass👩word'],
    ['a leading space', ' password', 'password'],
    ['a trailing space', 'password ', 'password'],
    ['upper case', 'Password', 'password'],
    ['over 72 bytes', `${'a'.repeat(100)}x`, `${'a'.repeat(100)}y`],
    ['nothing', '', ' '],
  ])('PWD-04: keeps %s exactly', async (_what, password, other) => {
    const stored = await passwords.hash(password)
    expect((await passwords.verify(password, stored)).ok).toBe(true)
    expect((await passwords.verify(other, stored)).ok).toBe(false)
  })

  it('PWD-04: verifies both spellings of é', async () => {
    const stored = await passwords.hash('caf\u00E9')
    expect((await passwords.verify('cafe\u0301', stored)).ok).toBe(true)
    expect((await passwords.verify('cafe', stored)).ok).toBe(false)
  })

  it('does the same work for an unknown user and says no', async () => {
    const engine = countingEngine()
    const counted = createPasswords({ derive: engine.derive })
    expect(await counted.verify('whatever', undefined)).toEqual({ ok: false, needsRehash: false })
    expect(await counted.verify('whatever', null)).toEqual({ ok: false, needsRehash: false })
    expect(engine.count()).toBe(2)
  })

  it('says no to an unknown user even if the password hits the dummy hash', async () => {
    const constant = createPasswords({
      derive: async (_, { length }) => Buffer.alloc(length, 7),
      randomBytes: (length) => Buffer.alloc(length, 7),
    })
    expect((await constant.verify('whatever', undefined)).ok).toBe(false)
  })

  it('asks for a new hash when the parameters have changed, and only for the right password', async () => {
    const stored = await passwords.hash('opensesame')
    const stronger = createPasswords()
    expect(await stronger.verify('opensesame', stored)).toEqual({ ok: true, needsRehash: true })
    expect(await stronger.verify('wrong', stored)).toEqual({ ok: false, needsRehash: false })
  })

  it('PWD-06: verifies argon2i and argon2d hashes and asks to replace them', async () => {
    // Of the argon2 reference implementation: password "password", salt "somesalt", t=2, m=16.
    const argon2i = '$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8'
    expect(await passwords.verify('password', argon2i)).toEqual({ ok: true, needsRehash: true })
    expect(await passwords.verify('Password', argon2i)).toEqual({ ok: false, needsRehash: false })
  })
})

describe('the pepper', () => {
  it('PWD-11: verifies with an old pepper, asks for a new hash, and names the missing one once it is gone', async () => {
    const keys = { k1: pepperKey(), k2: pepperKey() }
    const before = createPasswords({ dangerouslyFast: true, pepper: { current: 'k1', keys: { k1: keys.k1 } } })
    const during = createPasswords({ dangerouslyFast: true, pepper: { current: 'k2', keys } })
    const after = createPasswords({ dangerouslyFast: true, pepper: { current: 'k2', keys: { k2: keys.k2 } } })

    const stored = await before.hash('opensesame')
    expect(stored).toContain(',keyid=azE$')
    expect(await before.verify('opensesame', stored)).toEqual({ ok: true, needsRehash: false })
    expect(await during.verify('opensesame', stored)).toEqual({ ok: true, needsRehash: true })
    await expect(after.verify('opensesame', stored)).rejects.toMatchObject({ code: 'password/unknown-pepper', statusCode: 500 })
    await expect(passwords.verify('opensesame', stored)).rejects.toBeInstanceOf(UnknownPepperError)
  })

  it('is mixed in: the same name with another key does not verify', async () => {
    const one = createPasswords({ dangerouslyFast: true, pepper: { current: 'k', keys: { k: pepperKey() } } })
    const other = createPasswords({
      dangerouslyFast: true,
      pepper: { current: 'k', keys: { k: 'another pepper of thirty-two bytes or more' } },
    })
    expect((await other.verify('opensesame', await one.hash('opensesame'))).ok).toBe(false)
  })

  it('comes to hashes made without one at the next sign-in', async () => {
    const stored = await passwords.hash('opensesame')
    const peppered = createPasswords({ dangerouslyFast: true, pepper: { current: 'k', keys: { k: pepperKey() } } })
    expect(await peppered.verify('opensesame', stored)).toEqual({ ok: true, needsRehash: true })
  })
})
