import type { Connection } from '../driver.ts'
import type { MaybePromise } from '../maybe-promise.ts'
import type { Scope } from '../scope.ts'
import type { Sessions } from '../session.ts'
import type { DatabaseNode } from '../topology/node.ts'

/** Who asks: the scope decides whose connection a query runs on. */
export interface Caller {
  readonly scope: Scope | undefined
  readonly sessions: Sessions | undefined
  readonly signal: AbortSignal | undefined
  readonly on: 'primary' | 'replica' | undefined
}

/** A query on its way. */
export interface Call<T> {
  readonly caller: Caller
  /** The one statement that is run; without one the work may be anything, and is never repeated. */
  readonly text: string | undefined
  readonly work: (connection: Connection, node: DatabaseNode) => MaybePromise<T>
}

/** What an earlier attempt taught. */
export interface Lessons {
  readonly fresh?: boolean
  readonly avoid?: DatabaseNode | undefined
}

/** What the database itself asks, for nobody. */
export function nobody(signal?: AbortSignal): Caller {
  return { scope: undefined, sessions: undefined, signal, on: undefined }
}
