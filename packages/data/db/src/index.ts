export { connectionPlugin, db } from './plugin.ts'
export type { ConnectionPlugin } from './plugin.ts'
export { createDb } from './create-db.ts'
export { Database } from './database.ts'
export { currentDatabase } from './pooled-database.ts'
export { assignments, fragment, Fragment, identifier, join, list, values } from './fragment.ts'
export type { RunResult, Sql } from './sql.ts'
export { resolveConnectionOptions, resolveTimeout } from './options.ts'
export type {
  BreakerOptions,
  CloseOptions,
  ConnectionDefinition,
  ConnectionOptions,
  DatabaseOptions,
  HealthOptions,
  PoolOptions,
  QueryOptions,
  ReadYourWritesOptions,
  ResolvedConnectionOptions,
  RunOptions,
  SlowQueryOptions,
  TransactionOptions,
} from './options.ts'
export type {
  BeginOptions,
  Connection,
  Driver,
  DriverNode,
  IsolationLevel,
  NodeRole,
  Replication,
  Result,
  Role,
  RowMode,
  ServerInfo,
  Statement,
} from './driver.ts'
export { failed, isPromise, isResult, settled, toPromise } from './maybe-promise.ts'
export type { MaybePromise } from './maybe-promise.ts'
export { captureSite } from './pool/call-site.ts'
export type { CallSite } from './pool/call-site.ts'
export { BoundedCache } from './bounded-cache.ts'
export { databaseWarning } from './advice.ts'
export { explaining } from './explain.ts'
export { isLoopback, tlsFindings } from './tls.ts'
export { maxInt64, minInt64 } from './int64.ts'
export { statementTarget } from './statement-target.ts'
export type { StatementTarget } from './statement-target.ts'
export type {
  AcquireEvent,
  BreakerEvent,
  DatabaseEventName,
  DatabaseEvents,
  DatabaseListener,
  FailureEvent,
  LeakEvent,
  NodeEvent,
  QueryEvent,
  RetryEvent,
  SlowEvent,
} from './events.ts'
export type { QueryTrace } from './observer.ts'
export type { NodeHealth } from './health.ts'
export type { Participant, ParticipantKind } from './participant.ts'
export type { PoolHolder, PoolState } from './pool/state.ts'
export type { Runtime } from './runtime.ts'
export { DatabaseError } from './errors.ts'
export * as errors from './errors.ts'
