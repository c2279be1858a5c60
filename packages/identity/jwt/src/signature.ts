import { createHmac, sign as cryptoSign, timingSafeEqual, verify as cryptoVerify, type KeyObject } from 'node:crypto'
import { algorithms, type Algorithm, type AlgorithmFacts } from './algorithms.ts'
import { decodeBase64url } from './base64url.ts'
import { fromDer, toDer } from './ecdsa.ts'

/** From the signing input (`header.payload`) to the signature in base64url. */
export type Sign = (signingInput: string) => string
/** Whether the base64url signature is that of the signing input; false for any other spelling of it too. */
export type VerifySignature = (signingInput: string, signature: string) => boolean

export function createSign(algorithm: Algorithm, key: KeyObject): Sign {
  const facts = algorithms[algorithm]
  switch (facts.family) {
    case 'hmac':
      return (input) => createHmac(facts.hash, key).update(input, 'latin1').digest('base64url')
    case 'rsa':
      return (input) => cryptoSign(facts.hash, toBytes(input), key).toString('base64url')
    case 'ecdsa':
      return (input) => fromDer(cryptoSign(facts.hash, toBytes(input), key), facts.scalarBytes).toString('base64url')
    case 'eddsa':
      return (input) => cryptoSign(null, toBytes(input), key).toString('base64url')
  }
}

export function createVerify(algorithm: Algorithm, key: KeyObject): VerifySignature {
  const verify = bytesVerifier(algorithms[algorithm], key)
  return (input, signature) => {
    const bytes = decodeBase64url(signature)
    return bytes !== undefined && verify(input, bytes)
  }
}

// The key is always a bare KeyObject: an options object around it costs up to 1.75 times per call.
function bytesVerifier(facts: AlgorithmFacts, key: KeyObject): (input: string, signature: Buffer) => boolean {
  switch (facts.family) {
    case 'hmac':
      return (input, signature) => {
        const expected = createHmac(facts.hash, key).update(input, 'latin1').digest()
        return signature.length === expected.length && timingSafeEqual(signature, expected)
      }
    case 'rsa':
      return (input, signature) => cryptoVerify(facts.hash, toBytes(input), key, signature)
    case 'ecdsa':
      return (input, signature) => {
        const der = toDer(signature, facts.scalarBytes)
        return der !== undefined && cryptoVerify(facts.hash, toBytes(input), key, der)
      }
    case 'eddsa':
      return (input, signature) => cryptoVerify(null, toBytes(input), key, signature)
  }
}

/** A character over U+00FF loses its upper half here: such a header or payload is refused as no base64url. */
function toBytes(input: string): Buffer {
  return Buffer.from(input, 'latin1')
}
