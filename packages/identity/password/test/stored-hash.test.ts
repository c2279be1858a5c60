import { describe, expect, it } from '@jest/globals'
import { createPasswords } from '../src/index.ts'
import { countingEngine } from './support/engine.ts'

const salt = Buffer.alloc(16, 1).toString('base64').replaceAll('=', '')
const tag = Buffer.alloc(32, 2).toString('base64').replaceAll('=', '')
const base64 = (length: number): string => Buffer.alloc(length, 3).toString('base64').replaceAll('=', '')

const unsupported: [string, string][] = [
  ['4 GiB and 1000 passes', `$argon2id$v=19$m=4194304,t=1000,p=1$${salt}$${tag}`],
  ['one KiB over the cap', `$argon2id$v=19$m=262145,t=2,p=1$${salt}$${tag}`],
  ['17 passes', `$argon2id$v=19$m=19456,t=17,p=1$${salt}$${tag}`],
  ['9 lanes', `$argon2id$v=19$m=19456,t=2,p=9$${salt}$${tag}`],
  ['less memory than argon2 works with', `$argon2id$v=19$m=1,t=1,p=1$${salt}$${tag}`],
  ['less memory than its lanes need', `$argon2id$v=19$m=31,t=1,p=4$${salt}$${tag}`],
  ['zero passes', `$argon2id$v=19$m=19456,t=0,p=1$${salt}$${tag}`],
  ['numbers too long for a number', `$argon2id$v=19$m=${'9'.repeat(400)},t=2,p=1$${salt}$${tag}`],
  ['nothing', ''],
  ['a truncated hash', `$argon2id$v=19$m=19456,t=2,p=1$${salt}`],
  ['a truncated tag', `$argon2id$v=19$m=19456,t=2,p=1$${salt}$${base64(15)}`],
  ['a long tag', `$argon2id$v=19$m=19456,t=2,p=1$${salt}$${base64(65)}`],
  ['a short salt', `$argon2id$v=19$m=19456,t=2,p=1$${base64(7)}$${tag}`],
  ['a long salt', `$argon2id$v=19$m=19456,t=2,p=1$${base64(65)}$${tag}`],
  ['10 KB', `$argon2id$v=19$m=19456,t=2,p=1$${salt}$${'A'.repeat(10_000)}`],
  ['another version', `$argon2id$v=18$m=19456,t=2,p=1$${salt}$${tag}`],
  ['another order', `$argon2id$v=19$t=2,m=19456,p=1$${salt}$${tag}`],
  ['an unknown parameter', `$argon2id$v=19$m=19456,t=2,p=1,x=1$${salt}$${tag}`],
  ['bits after the end of the base64', `$argon2id$v=19$m=19456,t=2,p=1$${salt}$${tag.slice(0, -1)}B`],
  ['padded base64', `$argon2id$v=19$m=19456,t=2,p=1$${salt}==$${tag}`],
  ['a line feed at the end', `$argon2id$v=19$m=19456,t=2,p=1$${salt}$${tag}\n`],
  ['a bcrypt hash', '$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy'],
  ['plain text', 'hunter2'],
]

describe('a stored hash', () => {
  it.each(unsupported)('PWD-01: is refused before any hashing when it has %s', async (_what, stored) => {
    const engine = countingEngine()
    const passwords = createPasswords({ derive: engine.derive })
    const error = await passwords.verify('hunter2', stored).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'password/unsupported-hash', statusCode: 500 })
    expect(engine.count()).toBe(0)
  })

  it('PWD-01: is refused at once by the real engine too', async () => {
    const started = performance.now()
    for (const [, stored] of unsupported) {
      await expect(createPasswords().verify('hunter2', stored)).rejects.toMatchObject({ code: 'password/unsupported-hash' })
    }
    // Computing the first of them would take minutes.
    expect(performance.now() - started).toBeLessThan(2_000)
  })

  it('does not appear in the error', async () => {
    const stored = `$argon2id$v=19$m=4194304,t=1000,p=1$${salt}$${tag}`
    const error = (await createPasswords()
      .verify('x', stored)
      .catch((caught: unknown) => caught)) as Error
    expect(error.message).not.toContain(tag)
    expect(error.message).not.toContain(salt)
  })

  it('may use all that the caps allow', async () => {
    const engine = countingEngine()
    const passwords = createPasswords({ derive: engine.derive })
    await passwords.verify('x', `$argon2id$v=19$m=262144,t=16,p=8$${base64(64)}$${base64(64)}`)
    await passwords.verify('x', `$argon2d$m=8,t=1,p=1$${base64(8)}$${base64(16)}`)
    expect(engine.count()).toBe(2)
  })
})
