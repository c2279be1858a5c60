import { DatabaseError, type DatabaseErrorOptions } from './database-error.ts'

/** The connection ended during COMMIT: whether the transaction happened is not known. Never retried by `db`. */
export class CommitUnknown extends DatabaseError {
  constructor(options: DatabaseErrorOptions = {}) {
    super(
      'db/commit-unknown',
      'The connection ended during COMMIT, so whether the transaction happened is not known. Look before doing it again.',
      options,
    )
  }
}

/** The engine rolled the transaction back, though the callback returned normally: nothing of it was saved. */
export class TransactionAborted extends DatabaseError {
  constructor(options: DatabaseErrorOptions = {}) {
    super(
      'db/transaction-aborted',
      'The database rolled this transaction back after an error in it; nothing of it was saved. Do not continue after an error inside a transaction.',
      options,
    )
  }
}

/** A query came after its transaction had ended. */
export class TransactionClosed extends DatabaseError {
  constructor(options: DatabaseErrorOptions = {}) {
    super(
      'db/transaction-closed',
      'This query belongs to a transaction that has ended. Await every query inside the callback; what follows the commit belongs into db.afterCommit or db.detached.',
      options,
    )
  }
}

/** The wait for a parallel query or nested transaction of the same transaction took too long. */
export class TransactionBusyError extends DatabaseError {
  constructor(waitedMs: number) {
    super(
      'db/transaction-busy',
      `Other work of the same transaction did not end within ${waitedMs} ms. A nested transaction must not wait for a query started outside it.`,
    )
  }
}

/** `db.sandbox` cannot undo what would be done in it. */
export class SandboxRefused extends DatabaseError {
  constructor(reason: string) {
    super('db/sandbox-refused', `db.sandbox cannot keep this apart: ${reason}.`)
  }
}
