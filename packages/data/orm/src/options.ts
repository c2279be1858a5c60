import type { KeyService } from './crypto/key-service.ts'
import type { ModelClass } from './meta/model-meta.ts'

export interface OrmOptions {
  /** The models that live in the application's database. */
  models: readonly ModelClass[]
  /** The connection they live in, where there are several. @default the default one */
  connection?: string
  /** Encrypts the fields that are marked so, for the whole process. @default none, and such a field refuses to be used */
  keys?: KeyService
}
