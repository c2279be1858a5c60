import { describe, expect, it } from '@jest/globals'
import { createPasswords } from '../src/index.ts'

describe('the first example of the README', () => {
  it('hashes and verifies at the default parameters', async () => {
    const passwords = createPasswords()

    const stored = await passwords.hash('correct horse battery staple')
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)

    const { ok, needsRehash } = await passwords.verify('correct horse battery staple', stored)
    expect({ ok, needsRehash }).toEqual({ ok: true, needsRehash: false })
    expect(await passwords.verify('correct horse battery stable', stored)).toEqual({ ok: false, needsRehash: false })
  })
})
