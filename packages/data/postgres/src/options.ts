import { EmptyLabelError } from './errors.ts'

export interface PostgresOptions {
  /** What it calls itself. @default 'postgres' */
  label?: string
}

/** Fills in the defaults. Throws EmptyLabelError for a label of white space. */
export function resolvePostgresOptions({ label = 'postgres' }: PostgresOptions = {}): Required<PostgresOptions> {
  if (label.trim() === '') throw new EmptyLabelError()
  return { label }
}
