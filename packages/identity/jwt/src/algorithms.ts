export type HmacAlgorithm = 'HS256' | 'HS384' | 'HS512'
export type RsaAlgorithm = 'RS256' | 'RS384' | 'RS512'
export type EcdsaAlgorithm = 'ES256' | 'ES384' | 'ES512'
/** Two names of one algorithm: RFC 9864 replaces the first by the second. */
export type EddsaAlgorithm = 'EdDSA' | 'Ed25519'
export type PublicKeyAlgorithm = RsaAlgorithm | EcdsaAlgorithm | EddsaAlgorithm
export type Algorithm = HmacAlgorithm | PublicKeyAlgorithm

export type AlgorithmFacts =
  | { readonly family: 'hmac'; readonly hash: string; readonly minSecretBytes: number }
  | { readonly family: 'rsa'; readonly hash: string }
  | { readonly family: 'ecdsa'; readonly hash: string; readonly curve: string; readonly scalarBytes: number }
  | { readonly family: 'eddsa' }

export const algorithms: Readonly<Record<Algorithm, AlgorithmFacts>> = {
  HS256: { family: 'hmac', hash: 'sha256', minSecretBytes: 32 },
  HS384: { family: 'hmac', hash: 'sha384', minSecretBytes: 48 },
  HS512: { family: 'hmac', hash: 'sha512', minSecretBytes: 64 },
  RS256: { family: 'rsa', hash: 'sha256' },
  RS384: { family: 'rsa', hash: 'sha384' },
  RS512: { family: 'rsa', hash: 'sha512' },
  ES256: { family: 'ecdsa', hash: 'sha256', curve: 'prime256v1', scalarBytes: 32 },
  ES384: { family: 'ecdsa', hash: 'sha384', curve: 'secp384r1', scalarBytes: 48 },
  ES512: { family: 'ecdsa', hash: 'sha512', curve: 'secp521r1', scalarBytes: 66 },
  EdDSA: { family: 'eddsa' },
  Ed25519: { family: 'eddsa' },
}

export function isAlgorithm(name: unknown): name is Algorithm {
  return typeof name === 'string' && Object.hasOwn(algorithms, name)
}

/** The header names under which a key of this algorithm verifies. */
export function headerNames(algorithm: Algorithm): readonly Algorithm[] {
  return algorithms[algorithm].family === 'eddsa' ? ['EdDSA', 'Ed25519'] : [algorithm]
}
