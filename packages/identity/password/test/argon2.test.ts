import { argon2Sync } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import * as nodeRs from '@node-rs/argon2'
import { defaultDerive, nodeRsDerive, opensslDerive, type Argon2Variant, type DeriveRequest } from '../src/argon2.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const native = nodeRsDerive(nodeRs)

/** The same 500 cases in every run: a failure can be run again. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

describe('the argon2 engine', () => {
  it("PWD-07: gives OpenSSL's tag for 500 random passwords, salts and parameters", async () => {
    const below = randomNumbers(20_261_121)
    const bytes = (length: number): Buffer => Buffer.from(Array.from({ length }, () => below(256)))
    for (let round = 0; round < 500; round++) {
      const lanes = 1 + below(4)
      const input = bytes(below(200))
      const request: DeriveRequest = {
        variant: (['argon2id', 'argon2i', 'argon2d'] as const)[below(3)] as Argon2Variant,
        version: 19,
        memory: 8 * lanes + below(256),
        passes: 1 + below(3),
        lanes,
        salt: bytes(8 + below(57)),
        length: 16 + below(49),
      }
      const expected = argon2Sync(request.variant, {
        message: input,
        nonce: request.salt,
        parallelism: lanes,
        tagLength: request.length,
        memory: request.memory,
        passes: request.passes,
      })
      expect({ request, tag: hex(await native(input, request)) }).toEqual({ request, tag: hex(expected) })
    }
  })

  it.each<[string, Pick<DeriveRequest, 'variant' | 'version' | 'memory'>, string]>([
    ['argon2id', { variant: 'argon2id', version: 19, memory: 65_536 }, '09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7'],
    ['argon2i', { variant: 'argon2i', version: 19, memory: 65_536 }, 'c1628832147d9720c5bd1cfd61367078729f6dfb6f8fea9ff98158e0d7816ed0'],
    [
      'argon2i 1.0',
      { variant: 'argon2i', version: 16, memory: 65_536 },
      'f6c4db4a54e2a370627aff3db6176b94a2a209a62c8e36152711802f7b30c694',
    ],
  ])("PWD-07: gives the reference implementation's tag of %s", async (_name, which, tag) => {
    const request: DeriveRequest = { ...which, passes: 2, lanes: 1, salt: Buffer.from('somesalt'), length: 32 }
    expect(hex(await native(Buffer.from('password'), request))).toBe(tag)
  })
})

describe('without a native binary', () => {
  const request: DeriveRequest = { variant: 'argon2id', version: 19, memory: 64, passes: 1, lanes: 1, salt: Buffer.alloc(16), length: 32 }

  it('computes the same tags with node:crypto, and warns once', async () => {
    const warnings: string[] = []
    const derive = defaultDerive(
      () => Promise.reject(new Error('Cannot find native binding')),
      (message) => warnings.push(message),
    )
    const input = Buffer.from('password')
    expect(hex(await derive(input, request))).toBe(hex(await native(input, request)))
    await derive(input, request)
    expect(warnings).toEqual([expect.stringContaining('Cannot find native binding')])
  })

  it('refuses hashes of argon2 1.0, which OpenSSL does not know', async () => {
    await expect(opensslDerive(Buffer.from('password'), { ...request, version: 16 })).rejects.toMatchObject({
      code: 'password/unsupported-hash',
    })
  })
})
