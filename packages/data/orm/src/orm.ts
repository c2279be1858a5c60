import type { OrmOptions } from './options.ts'

export interface Orm {
  /** The label it was given. */
  readonly label: string
}

export function createOrm({ label }: Required<OrmOptions>): Orm {
  return { label }
}
