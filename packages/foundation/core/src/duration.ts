import { CovetError } from './errors.ts'

type DurationUnit = 'ms' | 's' | 'm' | 'h' | 'd'

/** Milliseconds, or a number with a unit: `'250ms'`, `'5s'`, `'2m'`, `'1h'`, `'30d'`. */
export type Duration = number | `${number}${DurationUnit}`

const milliseconds: Readonly<Record<DurationUnit, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A duration is not a finite number ≥ 0, alone or with one of the units ms, s, m, h, d. */
export class InvalidDurationError extends CovetError {
  constructor(value: unknown) {
    super(
      'kernel/invalid-duration',
      `${JSON.stringify(value)} is not a duration. Write milliseconds, or a number with ms, s, m, h or d: '5s'.`,
    )
  }
}

/** @throws {InvalidDurationError} */
export function toMilliseconds(duration: Duration): number {
  if (typeof duration === 'number' && Number.isFinite(duration) && duration >= 0) return duration
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(String(duration))
  if (!match || typeof duration === 'number') throw new InvalidDurationError(duration)
  return Number(match[1]) * milliseconds[match[2] as DurationUnit]
}
