import type { PostgresOptions } from './options.ts'

export interface Postgres {
  /** The label it was given. */
  readonly label: string
}

export function createPostgres({ label }: Required<PostgresOptions>): Postgres {
  return { label }
}
