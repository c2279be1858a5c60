import { token, type Token } from '@covet/core'
import type { Mysql } from './mysql.ts'

export const MysqlToken: Token<'mysql', Mysql> = token('mysql')
