import { argon2 as opensslArgon2 } from 'node:crypto'
import { promisify } from 'node:util'
import { UnsupportedHashError } from './errors.ts'

export type Argon2Variant = 'argon2id' | 'argon2i' | 'argon2d'

export interface Argon2Parameters {
  /** Memory in KiB. */
  memory: number
  /** Passes over the memory. */
  passes: number
  /** Parallel lanes. */
  lanes: number
}

export interface DeriveRequest extends Argon2Parameters {
  variant: Argon2Variant
  /** 19 is argon2 1.3 (RFC 9106), 16 is argon2 1.0. */
  version: 16 | 19
  salt: Uint8Array
  /** Bytes of the tag. */
  length: number
}

/** Computes one argon2 tag, away from the event loop. */
export type Derive = (input: Uint8Array, request: DeriveRequest) => Promise<Uint8Array>

type NodeRs = Pick<typeof import('@node-rs/argon2'), 'hashRaw'>

const nodeRsVariant = { argon2d: 0, argon2i: 1, argon2id: 2 } as const
const nodeRsVersion = { 16: 0, 19: 1 } as const

export function nodeRsDerive({ hashRaw }: NodeRs): Derive {
  return (input, { variant, version, memory, passes, lanes, salt, length }) =>
    hashRaw(input, {
      algorithm: nodeRsVariant[variant],
      version: nodeRsVersion[version],
      memoryCost: memory,
      timeCost: passes,
      parallelism: lanes,
      outputLen: length,
      salt,
    })
}

const openssl = promisify(opensslArgon2)

/** Three to four times slower than @node-rs/argon2, and part of Node. */
export const opensslDerive: Derive = async (input, { variant, version, memory, passes, lanes, salt, length }) => {
  if (version !== 19) throw new UnsupportedHashError(`is of argon2 version ${version}, which needs @node-rs/argon2's native binding`)
  return openssl(variant, { message: input, nonce: salt, parallelism: lanes, tagLength: length, memory, passes })
}

/** @node-rs/argon2, loaded at the first hash; Node's own argon2, with a warning, on a platform without its binary. */
export function defaultDerive(
  load: () => Promise<NodeRs> = () => import('@node-rs/argon2'),
  warn: (message: string) => void = (message) => process.emitWarning(message, { code: 'COVET_PASSWORD_FALLBACK' }),
): Derive {
  let engine: Promise<Derive> | undefined
  const fallBack = (cause: unknown): Derive => {
    warn(`@node-rs/argon2 has no binary here, hashing with node:crypto instead, 3 to 4 times slower: ${String(cause)}`)
    return opensslDerive
  }
  return async (input, request) => {
    engine ??= load().then(nodeRsDerive, fallBack)
    return (await engine)(input, request)
  }
}
