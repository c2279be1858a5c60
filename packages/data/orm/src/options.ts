import { EmptyLabelError } from './errors.ts'

export interface OrmOptions {
  /** What it calls itself. @default 'orm' */
  label?: string
}

/** Fills in the defaults. Throws EmptyLabelError for a label of white space. */
export function resolveOrmOptions({ label = 'orm' }: OrmOptions = {}): Required<OrmOptions> {
  if (label.trim() === '') throw new EmptyLabelError()
  return { label }
}
