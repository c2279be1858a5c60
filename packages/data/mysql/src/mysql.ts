import type { MysqlOptions } from './options.ts'

export interface Mysql {
  /** The label it was given. */
  readonly label: string
}

export function createMysql({ label }: Required<MysqlOptions>): Mysql {
  return { label }
}
