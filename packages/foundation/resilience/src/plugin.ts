import { plugin, type Plugin } from '@covet/core'
import { createResilience } from './resilience.ts'
import { resolveResilienceOptions, type ResilienceOptions } from './options.ts'
import { ResilienceToken } from './token.ts'

/** Provides `resilience`. */
export const resilience = (options: ResilienceOptions = {}): Plugin<never, 'resilience'> => {
  const resolved = resolveResilienceOptions(options)
  return plugin({
    name: '@covet/resilience',
    provides: { resilience: ResilienceToken },
    setup: () => ({ resilience: createResilience(resolved) }),
  })
}
