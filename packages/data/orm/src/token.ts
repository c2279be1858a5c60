import { token, type Token } from '@covet/core'
import type { Orm } from './orm.ts'

export const OrmToken: Token<'orm', Orm> = token('orm')
