import { InvalidQueryError } from '../errors.ts'

export type DetectionMode = 'warn' | 'throw' | 'off'

export interface DetectionOptions {
  /** `warn`: a process warning; `throw`: the query that is one too many fails with `NPlusOneError`; `off`: nothing is watched. */
  readonly mode: DetectionMode
  /** So many queries that differ in their keys alone, from one place, are one too many. At least 2. @default 5 */
  readonly threshold?: number
}

interface Detection {
  on: boolean
  mode: DetectionMode
  threshold: number
}

const thresholdByDefault = 5
const { NODE_ENV } = process.env
const wanted = NODE_ENV === 'development' || NODE_ENV === 'test'

/** What is watched now. `on` is all that a query looks at when nothing is. */
export const detection: Detection = { on: wanted, mode: wanted ? 'warn' : 'off', threshold: thresholdByDefault }

/**
 * Says what happens when one query runs again and again with other keys where `with()` would have sent one. Without a call
 * it warns where NODE_ENV is `development` or `test`, and is off elsewhere.
 * @returns a function that brings back what was before
 * @throws {InvalidQueryError} for an unknown mode, or a threshold below 2
 */
export function detectNPlusOne({ mode, threshold = thresholdByDefault }: DetectionOptions): () => void {
  if (mode !== 'warn' && mode !== 'throw' && mode !== 'off')
    throw new InvalidQueryError("detectNPlusOne({ mode }) takes 'warn', 'throw' or 'off'.")
  if (!Number.isSafeInteger(threshold) || threshold < 2)
    throw new InvalidQueryError('detectNPlusOne({ threshold }) takes a whole number, 2 or more.')
  const before = { ...detection }
  Object.assign(detection, { on: mode !== 'off', mode, threshold })
  return () => void Object.assign(detection, before)
}
