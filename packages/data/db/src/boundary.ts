import type { BeginOptions, Connection } from './driver.ts'
import { CommitUnknown, ConnectionLost, TransactionAborted } from './errors.ts'
import type { MaybePromise } from './maybe-promise.ts'

/** What begins and ends a stretch of work that is kept or undone as a whole. */
export interface Boundary {
  begin(): MaybePromise<void>
  keep(): MaybePromise<void>
  undo(): MaybePromise<void>
}

/** Of the connection the transaction has at that time. */
export function transactionBoundary(place: { readonly connection: Connection }, options: BeginOptions): Boundary {
  return {
    begin: () => place.connection.begin(options),
    keep: () => commit(place.connection),
    undo: () => place.connection.rollback(),
  }
}

export function savepointBoundary(connection: Connection, name: string): Boundary {
  return {
    begin: () => connection.savepoint(name),
    keep: () => connection.release(name),
    async undo() {
      await connection.rollbackTo(name)
      await connection.release(name)
    },
  }
}

async function commit(connection: Connection): Promise<void> {
  const { transactionStatus } = connection
  let committed: boolean
  try {
    committed = await connection.commit()
  } catch (error) {
    throw error instanceof ConnectionLost ? new CommitUnknown({ cause: error }) : error
  }
  if (committed) return
  // Lost while nothing ran on it: nobody asked to keep anything yet.
  throw connection.isOpen || transactionStatus === 'failed' ? new TransactionAborted() : new ConnectionLost({ sent: false })
}
