import { describe, expect, it } from '@jest/globals'
import { createPasswords, type PasswordContext, type PolicyOptions } from '../src/index.ts'
import { countingEngine } from './support/engine.ts'

function codeOf(password: string, context?: PasswordContext, policy: PolicyOptions = {}): string {
  try {
    createPasswords({ policy }).assertAcceptable(password, context)
    return 'fine'
  } catch (error) {
    expect(error).toMatchObject({ statusCode: 400 })
    return (error as { code: string }).code
  }
}

describe('the policy for new passwords', () => {
  it.each<[string, string, PasswordContext | undefined, string]>([
    ['1 MB', 'xy'.repeat(524_288), undefined, 'password/too-long'],
    ['257 code points', 'ab '.repeat(85) + 'ab', undefined, 'password/too-long'],
    ['257 emoji', '🙂🙃'.repeat(128) + '🙂', undefined, 'password/too-long'],
    ['14 characters without a second factor', 'gu7-Rtx lampio', undefined, 'password/too-short'],
    ['8 characters with a second factor', 'gu7-Rtxl', { hasMfa: true }, 'fine'],
    ['7 characters with a second factor', 'gu7-Rtx', { hasMfa: true }, 'password/too-short'],
    ['password123456789', 'password123456789', undefined, 'password/too-common'],
    ["the application's name three times", 'MyShop myshop-MYSHOP', { words: ['My Shop'] }, 'password/too-common'],
    [
      'the name and mail address of its owner',
      'adalovelace1815example',
      { words: ['Ada Lovelace', 'ada', 'example.com'] },
      'password/too-common',
    ],
    ['15 letters a', 'aaaaaaaaaaaaaaa', undefined, 'password/too-common'],
    ['counted-up digits', '1234567890123456', undefined, 'password/too-common'],
    ['a counted-down alphabet', 'zyxwvutsrqponmlk', undefined, 'password/too-common'],
    ['full-width letters of a common word', 'ｐａｓｓｗｏｒｄ１２３４５６７８', undefined, 'password/too-common'],
    ['four words', 'correct horse battery staple', { words: ['My Shop', 'Ada'] }, 'fine'],
    ['random digits', '829403175566021', undefined, 'fine'],
    ['letters of another script', 'Пшеница растёт у реки', undefined, 'fine'],
    ['a common word among others', 'a monkey ate the password file', undefined, 'fine'],
  ])('PWD-03: %s', (_what, password, context, expected) => {
    expect(codeOf(password, context)).toBe(expected)
  })

  it.each([
    ['1 MB', 'xy'.repeat(524_288), 'password/too-long'],
    ['257 code points', 'é'.repeat(257), 'password/too-long'],
    ['over 1,024 bytes', '🙂'.repeat(257), 'password/too-long'],
    ['a lone surrogate', 'pass\uD800word', 'password/malformed'],
  ])('PWD-03: %s never reaches argon2, whether hashing or verifying', async (_what, password, code) => {
    const engine = countingEngine()
    const passwords = createPasswords({ derive: engine.derive })
    await expect(passwords.hash(password)).rejects.toMatchObject({ code, statusCode: 400 })
    await expect(passwords.verify(password, undefined)).rejects.toMatchObject({ code, statusCode: 400 })
    expect(engine.count()).toBe(0)
  })

  it('takes 256 code points, also decomposed ones', async () => {
    const passwords = createPasswords({ dangerouslyFast: true })
    const stored = await passwords.hash('e\u0301'.repeat(256))
    expect((await passwords.verify('é'.repeat(256), stored)).ok).toBe(true)
  })

  it('refuses what is not a string', async () => {
    const passwords = createPasswords({ dangerouslyFast: true })
    await expect(passwords.hash(42 as unknown as string)).rejects.toMatchObject({ code: 'password/malformed' })
  })

  it('takes lengths and a blocklist of its own, or none', () => {
    expect(codeOf('hydrangea', undefined, { minLength: 8, blocklist: ['hydrangea'] })).toBe('password/too-common')
    expect(codeOf('password', undefined, { minLength: 8, blocklist: ['hydrangea'] })).toBe('fine')
    expect(codeOf('aaaaaaaa', undefined, { minLength: 8, blocklist: false })).toBe('fine')
    expect(codeOf('aaaaaaa', undefined, { minLength: 8, blocklist: false })).toBe('password/too-short')
  })

  it('tells the client the minimum', () => {
    expect(() => createPasswords().assertAcceptable('short')).toThrow(expect.objectContaining({ extensions: { minLength: 15 } }))
  })
})
