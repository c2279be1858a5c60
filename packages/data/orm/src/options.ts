import type { ModelClass } from './meta/model-meta.ts'

export interface OrmOptions {
  /** The models that live in the application's database. */
  models: readonly ModelClass[]
  /** The connection they live in, where there are several. @default the default one */
  connection?: string
}
