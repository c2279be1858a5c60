import { EmptyLabelError } from './errors.ts'

export interface MysqlOptions {
  /** What it calls itself. @default 'mysql' */
  label?: string
}

/** Fills in the defaults. Throws EmptyLabelError for a label of white space. */
export function resolveMysqlOptions({ label = 'mysql' }: MysqlOptions = {}): Required<MysqlOptions> {
  if (label.trim() === '') throw new EmptyLabelError()
  return { label }
}
