/** What a hook is called around. Save is around both create and update; bulk operations call none. */
export type HookName =
  | 'beforeSave'
  | 'afterSave'
  | 'beforeCreate'
  | 'afterCreate'
  | 'beforeUpdate'
  | 'afterUpdate'
  | 'beforeDelete'
  | 'afterDelete'
  /** After the outermost transaction was committed, once for each write. */
  | 'afterCommit'

/** Runs inside the transaction, afterCommit apart. A before hook that throws keeps the write from happening. */
export type Hook<T> = (instance: T) => unknown
