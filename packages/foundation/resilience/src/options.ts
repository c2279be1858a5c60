import { EmptyLabelError } from './errors.ts'

export interface ResilienceOptions {
  /** What it calls itself. @default 'resilience' */
  label?: string
}

/** Fills in the defaults. Throws EmptyLabelError for a label of white space. */
export function resolveResilienceOptions({ label = 'resilience' }: ResilienceOptions = {}): Required<ResilienceOptions> {
  if (label.trim() === '') throw new EmptyLabelError()
  return { label }
}
