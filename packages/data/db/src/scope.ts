import { AsyncLocalStorage } from 'node:async_hooks'
import type { Sessions } from './session.ts'
import type { Transaction } from './transaction.ts'

/** What a piece of asynchronous work runs in; the innermost scope of a database decides for it. */
export interface Scope<D = unknown> {
  readonly database: D
  /** None inside `detached`. */
  readonly transaction: Transaction | undefined
  /** What the request did, for code outside of transactions. */
  readonly sessions: Sessions | undefined
  readonly outer: Scope<D> | undefined
}

const scopes = new AsyncLocalStorage<Scope>()

export function currentScope(): Scope | undefined {
  return scopes.getStore()
}

export function runInScope<T>(scope: Scope, work: () => T): T {
  return scopes.run(scope, work)
}

/** The innermost scope of this database around the caller. */
export function scopeOf(database: unknown): Scope | undefined {
  let scope = scopes.getStore()
  while (scope && scope.database !== database) scope = scope.outer
  return scope
}

/** The distinct open transactions of a database from this scope outwards, `detached` ones in between included. */
export function openTransactions(database: unknown, innermost: Scope | undefined): ReadonlySet<Transaction> {
  const found = new Set<Transaction>()
  for (let scope = innermost; scope; scope = scope.outer) {
    if (scope.database === database && scope.transaction?.root.isOpen) found.add(scope.transaction.root)
  }
  return found
}
