import { token, type Token } from '@covet/core'
import type { Resilience } from './resilience.ts'

export const ResilienceToken: Token<'resilience', Resilience> = token('resilience')
