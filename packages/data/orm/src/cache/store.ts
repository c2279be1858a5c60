import type { MaybePromise } from '@covet/db'

/**
 * Where cached answers are kept, and the versions of the tables they are of. A store of several processes makes `bump`
 * visible to all of them before it resolves.
 */
export interface QueryCacheStore {
  /** Whether it is of this process alone, so that databases need no namespaces that others know. @default false */
  readonly local?: boolean
  /** The versions of the tables now, in their order; a table nobody wrote has one too. */
  versions(tables: readonly string[]): MaybePromise<readonly string[]>
  /** Gives the tables new versions: what was cached of them is not asked for any more. */
  bump(tables: readonly string[]): MaybePromise<void>
  get(key: string): MaybePromise<readonly unknown[][] | undefined>
  /** @param ttl milliseconds */
  set(key: string, rows: readonly unknown[][], ttl: number): MaybePromise<void>
}
