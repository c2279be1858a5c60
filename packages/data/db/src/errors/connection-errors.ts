import type { PoolHolder } from '../pool/state.ts'
import { DatabaseError, type DatabaseErrorOptions } from './database-error.ts'

export interface ConnectionLostOptions extends DatabaseErrorOptions {
  /** False when nothing of the statement reached the server. @default true */
  sent?: boolean
}

/** The connection ended before the answer came. */
export class ConnectionLost extends DatabaseError {
  /** Whether the statement may have reached the server; one that did not is run again on another connection. */
  readonly sent: boolean

  constructor({ sent = true, ...options }: ConnectionLostOptions = {}) {
    super(
      'db/connection-lost',
      'The connection to the database ended before the answer came. A transaction did not happen; a write outside of one may have, unless `sent` is false.',
      { statusCode: 503, ...options },
    )
    this.sent = sent
  }
}

export interface ConnectionFailedOptions extends DatabaseErrorOptions {
  /** False when it was being opened still, and the caller waited no longer. @default true */
  settled?: boolean
}

/** The database could not be opened or reached. */
export class ConnectionFailedError extends DatabaseError {
  /** Whether opening came to its end; one that did not says nothing about the server yet. */
  readonly settled: boolean

  constructor(reason: string, { settled = true, ...options }: ConnectionFailedOptions = {}) {
    super('db/connection-failed', `The database could not be opened: ${reason}.`, { statusCode: 503, ...options })
    this.settled = settled
  }
}

/** The node failed so often that it is left alone for a while: nothing was sent to it. */
export class CircuitOpen extends DatabaseError {
  /** The name of the node. */
  readonly node: string
  /** Milliseconds until the node is tried again. */
  readonly retryAfterMs: number

  constructor(node: string, retryAfterMs: number, options: DatabaseErrorOptions = {}) {
    super(
      'db/circuit-open',
      `The database node ${node} failed repeatedly and is left alone for ${Math.ceil(retryAfterMs)} ms. Look at the cause, which is its last failure.`,
      { statusCode: 503, retryAfter: Math.max(1, Math.ceil(retryAfterMs / 1_000)), ...options },
    )
    this.node = node
    this.retryAfterMs = retryAfterMs
  }
}

/** Whether no connection was to be had, so that nothing was sent. */
export function isUnreached(error: unknown): boolean {
  return error instanceof ConnectionFailedError || error instanceof CircuitOpen
}

/** The database does not accept writes: a replica, or a file without write permission. */
export class ReadOnlyNode extends DatabaseError {
  constructor(options: DatabaseErrorOptions = {}) {
    super(
      'db/read-only-node',
      'The database does not accept writes. Check that it is the primary, or that its file and folder are writable.',
      { statusCode: 503, ...options },
    )
  }
}

/** A read was to see what was written before, and no replica got there in time; see `readYourWrites.else`. */
export class ReplicaBehind extends DatabaseError {
  constructor(waitedMs: number, options: DatabaseErrorOptions = {}) {
    super(
      'db/replica-behind',
      `No replica had what was written before within ${waitedMs} ms. Raise \`readYourWrites.maxWait\`, or let the primary answer.`,
      { statusCode: 503, ...options },
    )
  }
}

/** No replica answers, and the primary may not stand in for them; see `fallbackToPrimary`. */
export class NoReplica extends DatabaseError {
  constructor() {
    super('db/no-replica', 'No replica of the database can be read from. Allow `fallbackToPrimary`, or look at db.health().', {
      statusCode: 503,
    })
  }
}

export interface PoolFacts {
  role: string
  max: number
  total: number
  idle: number
  waiting: number
  holders?: readonly PoolHolder[]
  /** Connections of this pool held by transactions around the one who waited. */
  ownTransactions?: number
}

/** No connection became free in time. */
export class PoolTimeout extends DatabaseError {
  /** Those who held the connections, the longest first. */
  readonly holders: readonly PoolHolder[]

  constructor(waitedMs: number, { role, max, total, idle, waiting, holders = [], ownTransactions = 0 }: PoolFacts) {
    super(
      'db/pool-timeout',
      [
        `No ${role} connection became free within ${waitedMs} ms (max ${max}, total ${total}, idle ${idle}, waiting ${waiting}).`,
        ...(holders.length > 0 ? [`Held longest: ${holders.map(describeHolder).join(', ')}.`] : []),
        ...(ownTransactions > 0 ? ['The caller is inside a transaction that holds one of them: they may be waiting for each other.'] : []),
        'Shorten the transactions that hold them, or raise the limit.',
      ].join(' '),
      { statusCode: 503 },
    )
    this.holders = holders
  }
}

/** A request waited for its own queries: it may use so many connections at once and no more. */
export class RequestBusyError extends DatabaseError {
  constructor(limit: number, waitedMs: number) {
    super(
      'db/request-busy',
      `None of the ${limit} connections that one request may use at once (\`pool.perScope\`) became free within ${waitedMs} ms. Run fewer queries at once, or raise the limit.`,
      { statusCode: 503 },
    )
  }
}

/** `detached` asked for a connection that only the transaction around it can give back. */
export class DetachedDeadlockError extends DatabaseError {
  constructor(role: string) {
    super(
      'db/detached-deadlock',
      `db.detached needs a ${role} connection, and the transaction around it holds the last one: they would wait for each other. Use db.afterCommit, or do it before the transaction.`,
    )
  }
}

/** The database is closed or closing. */
export class DatabaseClosedError extends DatabaseError {
  constructor() {
    super('db/closed', 'The database is closed.', { statusCode: 503 })
  }
}

function describeHolder({ heldMs, site }: PoolHolder): string {
  return `${Math.round(heldMs)} ms${site === undefined ? '' : ` by ${site}`}`
}
