import { isSafePattern } from 'redos-detector'
import isStarHeightSafe from 'safe-regex2'

/** Text this short can be matched by an expression of polynomial cost. */
export const shortText = 256

/** Decides in a number of steps, not in time, so that a slow machine decides the same. */
const limits = { maxScore: 200, maxSteps: 2_000, timeout: Number.POSITIVE_INFINITY } as const

const verdicts = new Map<string, 'safe' | 'short text only' | 'unsafe'>()

/**
 * Whether matching a text of at most `maxLength` characters takes time that hostile text cannot inflate. An expression
 * whose cost is polynomial passes for text of up to 256 characters, an exponential one never does.
 */
export function isPatternSafe(source: string, maxLength: number): boolean {
  let verdict = verdicts.get(source)
  if (verdict === undefined) {
    verdict = judge(source)
    verdicts.set(source, verdict)
  }
  return verdict === 'safe' || (verdict === 'short text only' && maxLength <= shortText)
}

function judge(source: string): 'safe' | 'short text only' | 'unsafe' {
  // Fastify's Ajv compiles patterns with the u flag.
  const { safe, error } = isSafePattern(source, { ...limits, unicode: isUnicode(source) })
  if (safe) return 'safe'
  return error === 'hitMaxScore' && isStarHeightSafe(source) ? 'short text only' : 'unsafe'
}

function isUnicode(source: string): boolean {
  try {
    return new RegExp(source, 'u').unicode
  } catch {
    // Valid without the flag only; find-my-way uses none.
    return false
  }
}
