import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { toMilliseconds, type Duration } from '@covet/core'
import { defaultDerive, type Argon2Parameters, type Derive } from './argon2.ts'
import { InvalidPasswordOptionsError } from './errors.ts'
import type { GateLimits } from './gate.ts'
import { createPepper, type Pepper, type PepperOptions } from './pepper.ts'
import { caps } from './phc.ts'
import { createPolicy, type Policy, type PolicyOptions } from './policy.ts'

/** `standard` and `memory` are OWASP's equivalent minimums, `strong` is for few and valuable accounts. */
export type ParameterPreset = 'standard' | 'memory' | 'strong'

export interface GateOptions {
  /** Hashes computed at the same time. @default os.availableParallelism() */
  concurrency?: number
  /** Calls that may wait. @default 32 */
  queue?: number
  /** Longest wait. @default '2s' */
  wait?: Duration
}

export interface PasswordOptions {
  /** What new hashes cost. Below the floor and above the caps of `verify` it is refused. @default 'standard' */
  parameters?: ParameterPreset | Argon2Parameters
  /** A secret kept outside the database, in front of argon2. @default none */
  pepper?: PepperOptions
  /** What `assertAcceptable` asks of a new password. */
  policy?: PolicyOptions
  /** How many hashes run and wait. */
  gate?: GateOptions
  /** Parameters far below the floor (m=64 KiB, t=1), for tests only. @default false */
  dangerouslyFast?: boolean
  /** Computes a tag. @default @node-rs/argon2, or node:crypto where it has no binary */
  derive?: Derive
  /** Makes salts. @default node:crypto */
  randomBytes?: (length: number) => Buffer
}

export interface ResolvedPasswordOptions {
  parameters: Argon2Parameters
  pepper: Pepper
  assertAcceptable: Policy
  gate: GateLimits
  derive: Derive
  randomBytes: (length: number) => Buffer
}

const presets: Readonly<Record<ParameterPreset, Argon2Parameters>> = {
  standard: { memory: 19_456, passes: 2, lanes: 1 },
  memory: { memory: 47_104, passes: 1, lanes: 1 },
  strong: { memory: 65_536, passes: 3, lanes: 1 },
}

const fast: Argon2Parameters = { memory: 64, passes: 1, lanes: 1 }

/** @throws {InvalidPasswordOptionsError} */
export function resolvePasswordOptions(options: PasswordOptions = {}): ResolvedPasswordOptions {
  return {
    parameters: options.dangerouslyFast ? fast : resolveParameters(options.parameters ?? 'standard'),
    pepper: createPepper(options.pepper),
    assertAcceptable: createPolicy(options.policy),
    gate: resolveGate(options.gate),
    derive: options.derive ?? defaultDerive(),
    randomBytes: options.randomBytes ?? ((length) => randomBytes(length)),
  }
}

function resolveParameters(parameters: ParameterPreset | Argon2Parameters): Argon2Parameters {
  if (typeof parameters === 'string') {
    const preset = presets[parameters]
    if (!preset)
      throw new InvalidPasswordOptionsError(`There are no parameters called ${JSON.stringify(parameters)}. Use standard, memory or strong.`)
    return preset
  }
  const { memory, passes, lanes } = parameters
  if (![memory, passes, lanes].every((value) => Number.isInteger(value) && value >= 1)) {
    throw new InvalidPasswordOptionsError('memory, passes and lanes are whole numbers from 1.')
  }
  if (memory > caps.memory || passes > caps.passes || lanes > caps.lanes) {
    throw new InvalidPasswordOptionsError(
      `The parameters exceed m=${caps.memory}, t=${caps.passes}, p=${caps.lanes}, above which no stored hash is verified.`,
    )
  }
  if (!isAtLeast(presets.standard, parameters) && !isAtLeast(presets.memory, parameters)) {
    throw new InvalidPasswordOptionsError(
      'The parameters are below the floor. Use at least m=19456, t=2, or m=47104, t=1; in tests, dangerouslyFast.',
    )
  }
  return { memory, passes, lanes }
}

function isAtLeast(floor: Argon2Parameters, { memory, passes }: Argon2Parameters): boolean {
  return memory >= floor.memory && passes >= floor.passes
}

function resolveGate({ concurrency = availableParallelism(), queue = 32, wait = '2s' }: GateOptions = {}): GateLimits {
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw new InvalidPasswordOptionsError(`gate.concurrency is ${concurrency}. Use a whole number from 1.`)
  }
  if (!Number.isInteger(queue) || queue < 0) throw new InvalidPasswordOptionsError(`gate.queue is ${queue}. Use a whole number from 0.`)
  return { concurrency, queue, waitMs: toMilliseconds(wait) }
}
