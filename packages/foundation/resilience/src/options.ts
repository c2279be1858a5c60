import { type Duration, toMilliseconds } from '@covet/core'
import type { RetryBudget } from './budget.ts'
import type { BackoffOptions } from './backoff.ts'
import type { Clock } from './clock.ts'
import { InvalidResilienceOptionError } from './errors.ts'

export interface BreakerOptions {
  /** Failures in a row that open the breaker. @default 5 */
  failures?: number
  /** The time within which they have to come. @default '10s' */
  window?: Duration
  /** How long it stays open before one piece of work may try again. @default '5s' */
  openFor?: Duration
  /** Whether an error says that the dependency is unwell; any other outcome says that it is well. @default every error does */
  counts?: (error: unknown) => boolean
  /** Hears of every change. */
  changed?: (state: BreakerState, error: unknown) => void
  /** Milliseconds that never run backwards. @default performance.now */
  now?: () => number
}

/** `half-open`: one piece of work is trying. */
export type BreakerState = 'closed' | 'open' | 'half-open'

export interface RetryOptions extends BackoffOptions {
  /** How often the work is run again after its first failure. */
  retries: number
  /** Whether running it again may help. @default always */
  retryIf?: (error: unknown) => boolean
  /** Shared by everything that retries against the same dependency. */
  budget?: RetryBudget
  /** Ends the pause. */
  signal?: AbortSignal | undefined
  /** Hears of every retry before its pause; the first is 1. */
  retrying?: (attempt: number, delayMs: number, error: unknown) => void
  clock?: Pick<Clock, 'sleep'>
}

export interface BudgetOptions {
  /** Retries that can be saved up. @default 10 */
  max?: number
  /** The share of a retry that a piece of work which went well earns. @default 0.1 */
  ratio?: number
}

export interface ResolvedBreakerOptions {
  readonly failures: number
  readonly window: number
  readonly openFor: number
  readonly counts: (error: unknown) => boolean
  readonly changed: (state: BreakerState, error: unknown) => void
  readonly now: () => number
}

/** What a breaker does that is told nothing. */
export const breakerDefaults: Readonly<Required<Pick<BreakerOptions, 'failures' | 'window' | 'openFor'>>> = {
  failures: 5,
  window: '10s',
  openFor: '5s',
}

/** @throws {InvalidResilienceOptionError} */
export function resolveBreakerOptions({
  failures = breakerDefaults.failures,
  window = breakerDefaults.window,
  openFor = breakerDefaults.openFor,
  counts = () => true,
  changed = () => undefined,
  now = () => performance.now(),
}: BreakerOptions = {}): ResolvedBreakerOptions {
  if (!Number.isSafeInteger(failures) || failures < 1)
    throw new InvalidResilienceOptionError('failures', failures, 'a whole number, 1 or more')
  return { failures, window: toMilliseconds(window), openFor: toMilliseconds(openFor), counts, changed, now }
}
