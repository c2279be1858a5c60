import { createHmac } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { encode, forge, goodClaims, goodHeader, keyFor, outcomeOf, pairs, signInput, verifier } from './support/forge.ts'

const tokens = verifier()

describe('the header', () => {
  it.each(['none', 'None', 'nOnE', '', 'hs256', 'HS512', 'RS256', 'PBES2-HS256+A128KW', 'RSA1_5', 'toString'])(
    'JWT-01: alg %j is refused',
    (alg) => {
      expect(outcomeOf(tokens, forge(goodClaims, { ...goodHeader, alg }))).toBe('jwt/rejected: algorithm')
    },
  )

  it.each([['none'], ['HS256']])('JWT-01: an empty signature is refused with alg %s', (alg) => {
    expect(outcomeOf(tokens, `${encode({ ...goodHeader, alg })}.${encode(goodClaims)}.`)).toBe('jwt/malformed')
  })

  it.each([undefined, 5, null, ['HS256'], { alg: 'HS256' }])('JWT-01: alg %j is refused', (alg) => {
    expect(outcomeOf(tokens, forge(goodClaims, { ...goodHeader, alg }))).toBe('jwt/rejected: algorithm')
  })

  const { publicKey } = pairs.rsa
  const pem = publicKey.export({ format: 'pem', type: 'spki' }) as string
  const jwk = JSON.stringify(publicKey.export({ format: 'jwk' }))
  it.each<[string, string | Buffer]>([
    ['PEM', pem],
    ['PEM with a leading space', ` ${pem}`],
    ['PEM with a byte order mark', `\uFEFF${pem}`],
    ['PEM with a comment', `# my key\n${pem}`],
    ['PEM of the other kind', publicKey.export({ format: 'pem', type: 'pkcs1' })],
    ['DER', publicKey.export({ format: 'der', type: 'spki' })],
    ['JWK', jwk],
    ['JWKS', `{"keys":[${jwk}]}`],
  ])('JWT-02: HS256 signed with the RSA public key as %s is refused', (_form, key) => {
    const signingInput = `${encode(goodHeader)}.${encode(goodClaims)}`
    const token = `${signingInput}.${createHmac('sha256', key).update(signingInput).digest('base64url')}`
    expect(outcomeOf(verifier({ keys: [{ algorithm: 'RS256', publicKey }] }), token)).toBe('jwt/rejected: algorithm')
  })

  it.each<[string, Record<string, unknown>]>([
    ['an unknown crit', { crit: ['x'], x: 1 }],
    ['an empty crit', { crit: [] }],
    ['b64: false', { b64: false, crit: ['b64'] }],
    ['b64: true', { b64: true }],
    ['jku', { jku: 'https://attacker.example/jwks.json' }],
    ['x5u', { x5u: 'https://attacker.example/cert.pem' }],
    ['an embedded jwk', { jwk: pairs.rsa.publicKey.export({ format: 'jwk' }) }],
    ['x5c', { x5c: ['MIIB'] }],
    ['zip', { zip: 'DEF' }],
    ['enc', { enc: 'A128GCM' }],
  ])('JWT-06: %s is refused, whatever else is right', (_what, extra) => {
    expect(outcomeOf(tokens, forge(goodClaims, { ...goodHeader, ...extra }))).toBe('jwt/rejected: header')
  })

  it.each(['../../dev/null', "' OR 1=1", '__proto__', 'constructor', 'x'.repeat(65), 'ключ', ''])('JWT-09: kid %j is refused', (kid) => {
    expect(outcomeOf(tokens, forge(goodClaims, { ...goodHeader, kid }))).toBe('jwt/rejected: key')
  })

  it('JWT-09: a kid of 1 MB is refused', () => {
    expect(outcomeOf(tokens, forge(goodClaims, { ...goodHeader, kid: 'x'.repeat(2 ** 20) }))).toBe('jwt/malformed')
  })

  it.each([7, null, ['a'], {}])('JWT-09: kid %j is refused', (kid) => {
    expect(outcomeOf(tokens, forge(goodClaims, { ...goodHeader, kid }))).toBe('jwt/rejected: key')
  })

  it.each([undefined, 'JWT', 'logout+jwt', 'at+jwt2', 5, ''])('JWT-10: typ %j is refused', (typ) => {
    expect(outcomeOf(tokens, forge(goodClaims, { ...goodHeader, typ }))).toBe('jwt/rejected: type')
  })

  it.each(['at+jwt', 'AT+JWT', 'application/at+jwt'])('typ %s is an access token', (typ) => {
    expect(outcomeOf(tokens, forge(goodClaims, { ...goodHeader, typ }))).toBe('ok')
  })

  it('what a header says that has no meaning here is ignored (RFC 7515 §4)', () => {
    expect(outcomeOf(tokens, forge(goodClaims, { ...goodHeader, x5t: 'abc', private: true }))).toBe('ok')
  })

  it.each([
    'null',
    '[]',
    '"HS256"',
    '{"alg":"HS256","typ":"at+jwt"',
    '{"alg":"none","alg":"HS256","typ":"at+jwt"}',
    '{"alg":"HS256","typ":"at+jwt","__proto__":{}}',
  ])('the header %s is malformed', (header) => {
    expect(outcomeOf(tokens, forge(goodClaims, header))).toBe('jwt/malformed')
  })
})

describe('the spelling', () => {
  const good = forge()
  const [header = '', payload = '', signature = ''] = good.split('.')
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  /** The next character of the alphabet differs in the bits that base64 of 32 bytes leaves unused. */
  const stray = (text: string): string => text.slice(0, -1) + alphabet[alphabet.indexOf(text.at(-1) ?? '') + 1]

  it.each<[string, string]>([
    ['padding', `${good}=`],
    ['a line feed', `${good}\n`],
    ['a leading space', ` ${good}`],
    ['a space inside the signature', `${header}.${payload}.${signature.slice(0, 9)} ${signature.slice(9)}`],
    ['the other alphabet', `${header}.${payload}.${signature.replace(/[A-Za-z0-9]/, '+').replace(/[A-Za-z0-9]/, '/')}`],
    ['extra bits in the last character', `${header}.${payload}.${stray(signature)}`],
    ['a character outside the alphabet', `${header}.${payload}.${signature}!`],
    ['one character less', good.slice(0, -1)],
    ['one character more', `${good}A`],
  ])('JWT-07: a signature with %s is refused', (_what, token) => {
    expect(token).not.toBe(good)
    expect(outcomeOf(tokens, token)).toMatch(/^jwt\/(malformed|rejected: signature)$/)
  })

  it.each<[string, string]>([
    ['padding in the payload', `${encode(goodHeader)}.${encode(goodClaims)}=`],
    ['padding in the header', `${encode(goodHeader)}=.${encode(goodClaims)}`],
    ['white space in the payload', `${encode(goodHeader)}.\n${encode(goodClaims)}`],
  ])('JWT-07: %s is refused although it is signed', (_what, signingInput) => {
    expect(outcomeOf(tokens, signInput(signingInput))).toBe('jwt/malformed')
  })

  it.each<[string, string]>([
    ['nothing', ''],
    ['no dots', 'abc'],
    ['one dot', 'abc.def'],
    ['three dots', `${good}.abc`],
    ['five parts, as a JWE has', 'a.b.c.d.e'],
    ['dots only', '..'],
    ['an empty header', `.${payload}.${signature}`],
    ['an empty payload', `${header}..${signature}`],
    ['10,000 dots', '.'.repeat(10_000)],
    ['9 KB', `${header}.${'A'.repeat(9_216)}.${signature}`],
    ['2 MB', `${header}.${'A'.repeat(2 ** 21)}.${signature}`],
    ['2 MB of braces', encode('{"a":'.repeat(400_000))],
  ])('JWT-11: %s is malformed', (_what, token) => {
    expect(outcomeOf(tokens, token)).toBe('jwt/malformed')
  })

  it('JWT-11: hostile sizes cost next to nothing', () => {
    const hostile = [`${header}.${'A'.repeat(2 ** 21)}.${signature}`, '.'.repeat(10_000), `${header}.${'A'.repeat(9_216)}.${signature}`]
    const started = performance.now()
    for (let round = 0; round < 1_000; round++) for (const token of hostile) tokens.verify(token)
    // 3,000 tokens of a millisecond each would be 3 s; reading the 2 MB ones would be more.
    expect(performance.now() - started).toBeLessThan(3_000)
  })

  it('no token is a 401 of its own', () => {
    const check = tokens.verify(undefined)
    expect(check).toMatchObject({ ok: false, error: { code: 'jwt/missing', statusCode: 401, headers: { 'www-authenticate': 'Bearer' } } })
    expect(outcomeOf(tokens, 42 as unknown as string)).toBe('jwt/malformed')
  })

  it('a refusal tells the client nothing but that', () => {
    const check = tokens.verify(`${header}.${payload}.${stray(signature)}`)
    if (check.ok) throw new Error('It was accepted.')
    expect(check.error.message).toBe('The access token is not valid.')
    expect(check.error.headers).toEqual({ 'www-authenticate': 'Bearer error="invalid_token"' })
    expect(check.error.extensions).toBeUndefined()
  })
})

describe('the signature', () => {
  it.each([
    ['r = s = 0', Buffer.alloc(64)],
    ['r = s = 1', Buffer.concat([Buffer.alloc(31), Buffer.of(1), Buffer.alloc(31), Buffer.of(1)])],
    ['r = s = 2^256 - 1', Buffer.alloc(64, 0xff)],
    ['the length of another curve', Buffer.alloc(96, 1)],
    ['a DER signature', Buffer.from('3006020101020101', 'hex')],
  ])('JWT-12: ES256 with %s is refused', (_what, signature) => {
    const signingInput = `${encode({ alg: 'ES256', typ: 'at+jwt' })}.${encode(goodClaims)}`
    const token = `${signingInput}.${signature.toString('base64url')}`
    expect(outcomeOf(verifier({ keys: [keyFor('ES256')] }), token)).toBe('jwt/rejected: signature')
  })
})
