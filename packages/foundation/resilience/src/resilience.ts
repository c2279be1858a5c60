import type { ResilienceOptions } from './options.ts'

export interface Resilience {
  /** The label it was given. */
  readonly label: string
}

export function createResilience({ label }: Required<ResilienceOptions>): Resilience {
  return { label }
}
