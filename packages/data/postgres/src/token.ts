import { token, type Token } from '@covet/core'
import type { Postgres } from './postgres.ts'

export const PostgresToken: Token<'postgres', Postgres> = token('postgres')
