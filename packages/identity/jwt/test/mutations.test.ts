import { createSecretKey } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import type { Algorithm } from '../src/index.ts'
import { createSign, type Sign } from '../src/signature.ts'
import { audience, encode, goodClaims, keyFor, now, pairFor, secret, verifier } from './support/forge.ts'
import { oracle } from './support/oracle.ts'

/** The same mutations in every run: a disagreement can be looked at again. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const below = randomNumbers(7_515)
const pick = <T>(from: readonly T[]): T => from[below(from.length)] as T

const values = [
  '0',
  '-1',
  '1e309',
  '9007199254740993',
  '"42"',
  'null',
  'true',
  '[]',
  '{}',
  '""',
  `${now}`,
  `${now + 600}`,
  `${now - 600}`,
  `["${audience}"]`,
  `["${audience}",1]`,
  '1.5',
  `${now}.0`,
]
const names = ['iss', 'aud', 'sub', 'client_id', 'iat', 'exp', 'jti', 'nbf', 'scope', '__proto__', 's\\u0075b']
const headerMembers = [
  '"kid":"a"',
  '"kid":""',
  '"crit":["b64"]',
  '"b64":true',
  '"jwk":{}',
  '"x5c":[]',
  '"typ":"JWT"',
  '"typ":"application/AT+JWT"',
  '"alg":"none"',
  '"alg":"HS256"',
  '"zip":"DEF"',
  '"x":1',
  '"cty":"JWT"',
]

function mutateJson(text: string, extra: () => string): string {
  switch (below(6)) {
    case 0:
      return text.replace('{', `{${extra()},`)
    case 1:
      return text.replace(/\}$/, `,${extra()}}`)
    case 2: {
      const members = [...text.matchAll(/"[\w+]+":(?:"[^"]*"|\d+)/g)].map(([member]) => member)
      return text.replace(pick(members), extra)
    }
    case 3:
      return text.replaceAll(pick([',', ':', '"']), (found) => pick([found, ` ${found}`, `${found}\n`]))
    case 4: {
      const at = below(text.length)
      return text.slice(0, at) + pick(['', '"', ':', '\\u0041', '\u00E9', '9', '\uFEFF', '{', '}']) + text.slice(at + below(2))
    }
    default:
      return text
  }
}

function mutateText(token: string): string {
  const at = below(token.length)
  switch (below(6)) {
    case 0:
      return token.slice(0, at) + pick(Array.from('ABCDwxyz0189-_.+/= \néł🔑')) + token.slice(at + 1)
    case 1:
      return token.slice(0, at) + token.slice(at + 1)
    case 2:
      return token.slice(0, at) + pick(Array.from('A-_.=\n ')) + token.slice(at)
    case 3:
      return token.slice(0, at)
    case 4:
      return token + pick(['=', '==', 'A', '\n', '.', ' '])
    default: {
      const parts = token.split('.')
      return pick([
        [parts[0], parts[1], ''],
        [parts[1], parts[0], parts[2]],
        [parts[0], parts[2], parts[1]],
        [...parts, parts[2]],
      ]).join('.')
    }
  }
}

const subjects: { algorithm: Algorithm; headerNames: string[]; rounds: number }[] = [
  { algorithm: 'HS256', headerNames: ['HS256'], rounds: 5_000 },
  { algorithm: 'RS256', headerNames: ['RS256'], rounds: 1_000 },
  { algorithm: 'ES256', headerNames: ['ES256'], rounds: 2_000 },
  { algorithm: 'EdDSA', headerNames: ['EdDSA', 'Ed25519'], rounds: 2_000 },
]

describe.each(subjects)('JWT-13: $rounds mutated $algorithm tokens', ({ algorithm, headerNames, rounds }) => {
  const tokens = verifier({ keys: [keyFor(algorithm)] })
  const isSecret = algorithm === 'HS256'
  const pair = isSecret ? undefined : pairFor(algorithm as 'RS256')
  const sign: Sign = createSign(algorithm, pair ? pair.privateKey : createSecretKey(secret))
  const header = JSON.stringify({ alg: algorithm, typ: 'at+jwt' })
  const claims = JSON.stringify(goodClaims)

  function mutant(): string {
    const [headerText, claimsText] = [
      below(3) === 0 ? mutateJson(header, () => pick(headerMembers)) : header,
      below(2) === 0 ? mutateJson(claims, () => `"${pick(names)}":${pick(values)}`) : claims,
    ]
    const signingInput = `${encode(headerText)}.${encode(claimsText)}`
    const token = `${signingInput}.${sign(signingInput)}`
    return below(3) === 0 ? mutateText(token) : token
  }

  it('are accepted and refused exactly as jose with the policy beside it does', async () => {
    let accepted = 0
    for (let round = 0; round < rounds; round++) {
      const token = mutant()
      const expected = await oracle(token, pair ? pair.publicKey : secret, headerNames)
      const check = tokens.verify(token)
      if (check.ok !== expected) throw new Error(`We say ${check.ok}, the oracle ${expected}: ${JSON.stringify(token)}`)
      if (expected) accepted++
    }
    expect(accepted).toBeGreaterThan(rounds / 10)
    expect(accepted).toBeLessThan((rounds * 9) / 10)
  }, 60_000)
})
