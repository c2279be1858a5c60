import { token, type Token } from '@covet/core'
import type { Database } from '@covet/db'
import type { ModelClass } from './meta/model-meta.ts'

/** The models of an application. */
export interface Models {
  readonly all: readonly ModelClass[]
  readonly database: Database
  /** Takes their binding back. */
  close(): void
}

export const Models: Token<'models', Models> = token('models')
