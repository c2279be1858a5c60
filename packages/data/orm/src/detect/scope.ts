import { AsyncLocalStorage } from 'node:async_hooks'
import { requestScope } from '@covet/core'

/** Milliseconds without a query after which work outside of any scope counts as something else. */
const pause = 1_000

const scopes = new AsyncLocalStorage<object>()
let outside = { scope: {}, at: 0 }

/**
 * Runs `work` as a piece of its own for the detector of repeated queries: a job, a message. The request is one anyway where
 * the application keeps a request scope.
 */
export function detectionScope<T>(work: () => T): T {
  return scopes.run({}, work)
}

/** What the caller's queries are counted in. */
export function currentDetectionScope(): object {
  return scopes.getStore() ?? requestScope.current() ?? outsideScope()
}

function outsideScope(): object {
  const now = performance.now()
  outside = { scope: now - outside.at > pause ? {} : outside.scope, at: now }
  return outside.scope
}
