import type { Result, Statement } from './driver.ts'
import { ConnectionLost } from './errors.ts'
import type { MaybePromise } from './maybe-promise.ts'
import type { Caller, Router } from './router.ts'

/**
 * The rows of a statement from a connection of their own, or read at once where that connection would not see the same
 * data or could not run the statement.
 */
export async function* streamRows(
  router: Router,
  statement: Statement,
  caller: Caller,
  readAtOnce: () => MaybePromise<Result<unknown>>,
): AsyncIterableIterator<unknown> {
  const { streams } = router
  if (streams === undefined || caller.scope?.transaction) {
    yield* (await readAtOnce()).rows
    return
  }
  const connection = await streams.acquire(router.acquireOptions(streams, caller)())
  let usable = true
  let reads = false
  try {
    reads = connection.isReadOnly(statement.text)
    if (reads) yield* connection.stream(statement, caller.signal)
  } catch (error) {
    usable = !(error instanceof ConnectionLost)
    throw error
  } finally {
    if (usable) streams.release(connection)
    else await streams.destroy(connection)
  }
  if (!reads) yield* (await readAtOnce()).rows
}
