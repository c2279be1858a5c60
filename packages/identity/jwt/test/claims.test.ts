import { describe, expect, it } from '@jest/globals'
import type { Claims } from '../src/index.ts'
import { audience, encode, forge, goodClaims, goodHeader, issuer, now, outcomeOf, signInput, verifier } from './support/forge.ts'

const tokens = verifier()
const claimsText = JSON.stringify(goodClaims)

describe('the payload', () => {
  it.each([
    '[1]',
    'null',
    '"x"',
    '42',
    'not json',
    '',
    claimsText.replace('{', '{"sub":"1",'),
    claimsText.replace('{', '{"s\\u0075b":"1",'),
    claimsText.replace('{', '{"a":{"b":1,"c":{},"b":2},'),
    claimsText.replace('{', '{"a":[{"b:":1,"b:":2}],'),
    claimsText.replace('{', '{"__proto__":{"admin":true},'),
    claimsText.replace('{', '{"a":{"__proto__":1},'),
    claimsText.replace('{', '{"\\u005f_proto__":1,'),
    claimsText.replace('{', `{"a":${'['.repeat(40)}${']'.repeat(40)},`),
    `\uFEFF${claimsText}`,
    `${claimsText},`,
  ])('JWT-04: %j is malformed', (payload) => {
    expect(outcomeOf(tokens, forge(payload))).toBe('jwt/malformed')
  })

  it('JWT-04: invalid UTF-8 is malformed', () => {
    const bytes = Buffer.from(claimsText.replace('{', '{"a":"?",'))
    bytes[bytes.indexOf('?')] = 0xff
    expect(outcomeOf(tokens, signInput(`${encode(goodHeader)}.${bytes.toString('base64url')}`))).toBe('jwt/malformed')
  })

  it.each([
    claimsText.replace('{', '{"url":"https://a.example:8080/{\\"b\\":1}","c":{"sub":"nested"},'),
    claimsText.replace('{', '{"a":[{"b":1},{"b":1}],'),
    claimsText.replace('{', '{"a":"\\\\","b":"\\":\\"",'),
    claimsText.replaceAll(',', ' ,\n\t').replaceAll('":', '" : '),
    claimsText.replace('{', '{"ключ":"значение 🔑",'),
  ])('%s is fine', (payload) => {
    expect(outcomeOf(tokens, forge(payload))).toBe('ok')
  })
})

describe('times', () => {
  const withText = (member: string, text: string): string => claimsText.replace(new RegExp(`"${member}":\\d+`), `"${member}":${text}`)

  it.each([
    ['exp missing', JSON.stringify({ ...goodClaims, exp: undefined })],
    ['exp a string', withText('exp', `"${now + 600}"`)],
    ['exp 1e309', withText('exp', '1e309')],
    ['exp −1', withText('exp', '-1')],
    ['exp 2^53', withText('exp', `${2 ** 53}`)],
    ['exp not whole', withText('exp', `${now + 600}.5`)],
    ['exp null', withText('exp', 'null')],
    ['iat missing', JSON.stringify({ ...goodClaims, iat: undefined })],
    ['iat a string', withText('iat', '"now"')],
    ['nbf a string', claimsText.replace('{', '{"nbf":"0",')],
  ])('JWT-05: %s is refused', (_what, payload) => {
    expect(outcomeOf(tokens, forge(payload))).toBe('jwt/rejected: times')
  })

  it('JWT-05: exp as the text NaN is malformed', () => {
    expect(outcomeOf(tokens, forge(withText('exp', 'NaN')))).toBe('jwt/malformed')
  })

  it.each([
    ['nbf in the future', { nbf: now + 6 }, 'jwt/rejected: not-yet-valid'],
    ['iat in the future', { iat: now + 6, exp: now + 60 }, 'jwt/rejected: not-yet-valid'],
    ['a life of a year', { exp: now + 31_536_000 }, 'jwt/rejected: lifetime'],
    ['a life of 15 minutes and a second', { exp: now + 901 }, 'jwt/rejected: lifetime'],
    ['no life', { exp: now }, 'jwt/rejected: lifetime'],
    ['an end before the beginning', { iat: now, exp: now - 1 }, 'jwt/rejected: lifetime'],
    ['a life of 15 minutes', { exp: now + 900 }, 'ok'],
    ['nbf within the tolerance', { nbf: now + 5 }, 'ok'],
    ['iat within the tolerance', { iat: now + 5 }, 'ok'],
    ['an end within the tolerance', { iat: now - 100, exp: now - 4 }, 'ok'],
    ['an end at the tolerance', { iat: now - 100, exp: now - 5 }, 'jwt/expired'],
    ['an end long ago', { iat: 1_000, exp: 1_100 }, 'jwt/expired'],
  ])('JWT-05: %s: %j', (_what, times, expected) => {
    expect(outcomeOf(tokens, forge({ ...goodClaims, ...times }))).toBe(expected)
  })

  it('the tolerance and the longest life are options', () => {
    const loose = verifier({ tolerance: '60s', dangerouslyLongLifetime: '7d' })
    expect(outcomeOf(loose, forge({ ...goodClaims, iat: now - 100, exp: now - 59 }))).toBe('ok')
    expect(outcomeOf(loose, forge({ ...goodClaims, exp: now + 604_800 }))).toBe('ok')
    expect(outcomeOf(loose, forge({ ...goodClaims, exp: now + 604_801 }))).toBe('jwt/rejected: lifetime')
  })
})

describe('whom the token is from and for', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['another issuer', { iss: 'https://evil.example' }, 'issuer'],
    ['an issuer that only begins alike', { iss: `${issuer}.evil.example` }, 'issuer'],
    ['no issuer', { iss: undefined }, 'issuer'],
    ['a list of issuers', { iss: [issuer] }, 'issuer'],
    ['another audience', { aud: 'https://other.example' }, 'audience'],
    ['no audience', { aud: undefined }, 'audience'],
    ['an empty list of audiences', { aud: [] }, 'audience'],
    ['a list of other audiences', { aud: ['https://other.example', `${audience}/`] }, 'audience'],
    ['a list of audiences with a number', { aud: [audience, 1] }, 'audience'],
    ['an object as audience', { aud: { 0: audience, length: 1 } }, 'audience'],
    ['no subject', { sub: undefined }, 'subject'],
    ['an empty subject', { sub: '' }, 'subject'],
    ['a number as subject', { sub: 42 }, 'subject'],
    ['no jti', { jti: undefined }, 'id'],
    ['no client_id', { client_id: undefined }, 'client'],
    ['a list as client_id', { client_id: ['a'] }, 'client'],
  ])('JWT-10: %s is refused', (_what, change, reason) => {
    expect(outcomeOf(tokens, forge({ ...goodClaims, ...change }))).toBe(`jwt/rejected: ${reason}`)
  })

  it('JWT-10: an ID token, a refresh token and an e-mail token are no access tokens, nor the other way round', () => {
    const kinds = ['at+jwt', 'JWT', 'refresh+jwt', 'email+jwt', 'logout+jwt']
    for (const signed of kinds) {
      const token = verifier({ typ: signed }).sign({ sub: '42' })
      const accepted = kinds.filter((typ) => outcomeOf(verifier({ typ }), token) === 'ok')
      expect(accepted).toEqual([signed])
    }
  })

  it('of a list of audiences one is enough, on either side', () => {
    const either = verifier({ audience: ['https://old.example', audience] })
    expect(outcomeOf(either, forge())).toBe('ok')
    expect(outcomeOf(tokens, forge({ ...goodClaims, aud: ['https://other.example', audience] }))).toBe('ok')
  })

  it('JWT-14: an issuer of 50 KB costs nothing', () => {
    expect(outcomeOf(tokens, forge({ ...goodClaims, iss: 'https://'.repeat(6_400) }))).toBe('jwt/malformed')
  })
})

describe('claims of the application', () => {
  it('may be required', () => {
    const strict = verifier({ requiredClaims: ['scope'] })
    expect(outcomeOf(strict, forge())).toBe('jwt/rejected: required-claim')
    expect(outcomeOf(strict, forge({ ...goodClaims, scope: 'read' }))).toBe('ok')
    expect(outcomeOf(verifier({ requiredClaims: ['toString'] }), forge())).toBe('jwt/rejected: required-claim')
  })

  it('may be validated, last of all', () => {
    const seen: unknown[] = []
    const strict = verifier({
      validate: (claims): claims is Claims & Record<string, unknown> => {
        seen.push(claims['role'])
        return claims['role'] === 'admin'
      },
    })
    expect(outcomeOf(strict, forge({ ...goodClaims, role: 'guest' }))).toBe('jwt/rejected: validate')
    expect(outcomeOf(strict, forge({ ...goodClaims, role: 'admin' }))).toBe('ok')
    expect(outcomeOf(strict, forge({ ...goodClaims, role: 'admin', iss: 'x' }))).toBe('jwt/rejected: issuer')
    expect(seen).toEqual(['guest', 'admin'])
  })
})
