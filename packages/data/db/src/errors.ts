export { DatabaseError } from './errors/database-error.ts'
export type { DatabaseErrorOptions } from './errors/database-error.ts'
export {
  QueryFailed,
  ConstraintViolation,
  UniqueViolation,
  ForeignKeyViolation,
  NotNullViolation,
  CheckViolation,
  Deadlock,
  SerializationFailure,
  LockTimeout,
  StatementTimeout,
  SchemaChanged,
  ImplicitCommit,
  ReadOnlyTransactionError,
} from './errors/statement-errors.ts'
export type { ConstraintFacts } from './errors/statement-errors.ts'
export {
  ConnectionLost,
  ConnectionFailedError,
  CircuitOpen,
  ReadOnlyNode,
  ReplicaBehind,
  NoReplica,
  PoolTimeout,
  RequestBusyError,
  DetachedDeadlockError,
  DatabaseClosedError,
} from './errors/connection-errors.ts'
export type { ConnectionLostOptions, PoolFacts } from './errors/connection-errors.ts'
export { CommitUnknown, TransactionAborted, TransactionClosed, TransactionBusyError, SandboxRefused } from './errors/transaction-errors.ts'
export {
  InvalidConsistencyToken,
  TransactionControlError,
  UnbalancedScriptError,
  EndedTransactionError,
  StreamEndedError,
  UnbindableValueError,
  UnrepresentableValueError,
  EmptyListError,
  UnevenRowsError,
  NotATemplateError,
  UnknownConnectionError,
  InvalidDatabaseOptionError,
  KyselyTransactionError,
} from './errors/usage-errors.ts'
