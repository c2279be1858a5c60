import { CovetError } from '@covet/core'

/** The label is empty. */
export class EmptyLabelError extends CovetError {
  constructor() {
    super('postgres/empty-label', 'The label is empty. Pass a word, or leave `label` out for the default.')
  }
}
