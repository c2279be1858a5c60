import type { KeyObject } from 'node:crypto'
import * as jose from 'jose'
import { audience, issuer, now } from './forge.ts'

/** Finds a duplicate or `__proto__` member by reading the text character by character, unlike the package. */
function hasForbiddenMember(text: string): boolean {
  const open: (Set<string> | undefined)[] = []
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '{') open.push(new Set())
    else if (character === '[') open.push(undefined)
    else if (character === '}' || character === ']') open.pop()
    else if (character === '"') {
      const start = at++
      while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
      const members = open.at(-1)
      if (!members || !/^\s*:/.test(text.slice(at + 1))) continue
      const name = JSON.parse(text.slice(start, at + 1)) as string
      if (members.has(name) || name === '__proto__') return true
      members.add(name)
    }
  }
  return false
}

function strictObject(part: string): Record<string, unknown> | undefined {
  const bytes = Buffer.from(part, 'base64url')
  if (bytes.toString('base64url') !== part) return undefined
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value) || hasForbiddenMember(text)) return undefined
    return value as Record<string, unknown>
  } catch {
    return undefined
  }
}

const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
const isText = (value: unknown): boolean => typeof value === 'string' && value.length > 0

const refusedHeaders = ['jwk', 'jku', 'x5u', 'x5c', 'crit', 'b64', 'zip', 'enc', 'kid']

function hasFittingTimes({ exp, iat, nbf }: Record<string, unknown>): boolean {
  if (!isTime(exp) || !isTime(iat) || !(nbf === undefined || isTime(nbf))) return false
  return exp > iat && exp - iat <= 900 && iat <= now + 5
}

function hasFittingParties({ iss, sub, aud, jti, client_id: client }: Record<string, unknown>): boolean {
  return [iss, sub, jti, client].every(isText) && (!Array.isArray(aud) || aud.every((one) => typeof one === 'string'))
}

/**
 * Whether a token is acceptable to a verifier with one key without kid: jose for the signature and the claims it knows,
 * and beside it, written a second time and differently, the policy that jose leaves to the application.
 */
export async function oracle(token: string, key: Uint8Array | KeyObject, algorithms: string[]): Promise<boolean> {
  if (token.length > 8_192 || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return false
  const [first = '', second = '', signature = ''] = token.split('.')
  const header = strictObject(first)
  const claims = strictObject(second)
  if (!header || !claims || Buffer.from(signature, 'base64url').toString('base64url') !== signature) return false
  if (refusedHeaders.some((name) => Object.hasOwn(header, name)) || !hasFittingTimes(claims) || !hasFittingParties(claims)) return false
  const policy = { algorithms, typ: 'at+jwt', issuer, audience, clockTolerance: 5, currentDate: new Date(now * 1_000) }
  return jose.jwtVerify(token, key, policy).then(
    () => true,
    () => false,
  )
}
