import type { Result, Statement } from './driver.ts'
import { ConnectionLost } from './errors.ts'
import type { MaybePromise } from './maybe-promise.ts'
import type { Watch } from './observer.ts'
import type { Pool } from './pool/pool.ts'
import type { Caller } from './routing/call.ts'
import type { Router } from './routing/router.ts'
import type { DatabaseNode } from './topology/node.ts'

/**
 * The rows of a statement from a connection of their own, or read at once where that connection would not see the same
 * data or could not run the statement.
 */
export async function* streamRows(
  router: Router,
  statement: Statement,
  caller: Caller,
  readAtOnce: () => MaybePromise<Result<unknown>>,
  watch?: Watch,
): AsyncIterableIterator<unknown> {
  const { text } = statement
  if (!router.streams || caller.scope?.transaction || router.reads(text) === false) {
    yield* (await readAtOnce()).rows
    return
  }
  const session = router.isLimited ? await router.enter(caller) : undefined
  const pick = (each: DatabaseNode): Pool => each.streams ?? each.reading
  const { node, lease } = await router.lend(caller, pick).catch((error: unknown) => {
    session?.leave()
    throw error
  })
  const { connection, pool } = lease
  let usable = true
  let failed = false
  let reads: boolean | undefined
  try {
    reads = router.reads(text, connection)
    if (reads) {
      watch?.started(node.name)
      yield* connection.stream(statement, caller.signal)
    }
  } catch (error) {
    failed = true
    usable = !(error instanceof ConnectionLost)
    node.failed(error)
    throw error
  } finally {
    // Whoever is admitted by a breaker says how it went, a reader that stops early and a statement that writes too.
    if (!failed) node.succeeded()
    if (usable) pool.release(lease)
    else pool.discard(lease)
    session?.leave()
  }
  if (!reads) yield* (await readAtOnce()).rows
}
