import type { KeyObject } from 'node:crypto'
import { algorithms, type AlgorithmFacts, type PublicKeyAlgorithm } from './algorithms.ts'
import { InvalidKeyError } from './errors.ts'

const minModulusBits = 2_048
/** Above this a verification costs more than a request should. */
const maxModulusBits = 8_192
const minExponent = 65_537n

/** @throws {InvalidKeyError} when the key, public or private, does not fit the algorithm or is too weak for it */
export function assertKeyFits(key: KeyObject, algorithm: PublicKeyAlgorithm): void {
  const facts = algorithms[algorithm]
  const type = { rsa: 'rsa', ecdsa: 'ec', eddsa: 'ed25519', hmac: undefined }[facts.family]
  if (key.asymmetricKeyType !== type)
    throw new InvalidKeyError(`is of type ${key.asymmetricKeyType ?? key.type}, ${algorithm} needs ${type}`)
  if (facts.family === 'rsa') assertRsa(key)
  if (facts.family === 'ecdsa') assertCurve(key, facts)
  if (facts.family === 'eddsa') assertOrder(key)
}

function assertRsa(key: KeyObject): void {
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {}
  if (modulusLength < minModulusBits || modulusLength > maxModulusBits) {
    throw new InvalidKeyError(`is RSA of ${modulusLength} bits. Use ${minModulusBits} to ${maxModulusBits}, 3072 for a new one`)
  }
  if (publicExponent < minExponent || publicExponent % 2n === 0n) {
    throw new InvalidKeyError(`has the RSA exponent ${publicExponent}. Use 65537`)
  }
}

function assertCurve(key: KeyObject, facts: Extract<AlgorithmFacts, { family: 'ecdsa' }>): void {
  const curve = key.asymmetricKeyDetails?.namedCurve
  if (curve !== facts.curve) throw new InvalidKeyError(`is on the curve ${curve}, its algorithm needs ${facts.curve}`)
}

const fieldPrime = 2n ** 255n - 19n

/** y of the eight points of order 1, 2, 4 and 8; for them a signature exists that fits almost any message. */
const smallOrderY: ReadonlySet<bigint> = new Set([
  0n,
  1n,
  fieldPrime - 1n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
])

function assertOrder(key: KeyObject): void {
  const { x = '' } = key.export({ format: 'jwk' })
  const encoded = Buffer.from(x, 'base64url').reverse().toString('hex')
  const y = BigInt.asUintN(255, BigInt(`0x${encoded}`))
  if (y >= fieldPrime || smallOrderY.has(y)) throw new InvalidKeyError('is an Ed25519 point of small order or not canonical')
}
