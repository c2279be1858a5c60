import type { Result } from './driver.ts'

/** A value now or later: what a synchronous driver has at once costs no promise on its way up. */
export type MaybePromise<T> = T | Promise<T>

/** True of a promise of any realm, which `instanceof` is not. */
export function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  // Not `'then' in value`: asked of values of many shapes, that takes ten times as long as reading a property that is not there.
  return typeof value === 'object' && value !== null && typeof (value as { readonly then?: unknown }).then === 'function'
}

/**
 * Whether the result of a statement is there already. Not by {@link isPromise}, which is asked about values of every kind: to
 * read `then` of so many shapes takes longer than to read `rows` of these two.
 */
export function isResult<Row>(outcome: MaybePromise<Result<Row>>): outcome is Result<Row> {
  return (outcome as Partial<Result<Row>>).rows !== undefined
}

/** The promise an `async` function would return, without the function. */
export function toPromise<T>(work: () => MaybePromise<T>): Promise<T> {
  try {
    return settled(work())
  } catch (error) {
    return failed(error)
  }
}

/** With {@link failed} around it {@link toPromise} without a closure, which is a twentieth of a look-up by key above the driver. */
export function settled<T>(value: MaybePromise<T>): Promise<T> {
  return isPromise(value) ? value : Promise.resolve(value)
}

/** A promise that fails with what was thrown, as an `async` function's does. */
export function failed(error: unknown): Promise<never> {
  return Promise.reject(error as Error)
}
