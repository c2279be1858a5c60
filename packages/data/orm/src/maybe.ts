import type { MaybePromise } from '@covet/db'

/** What follows a value that may be there already: at once then, without a promise in between. */
export function chained<T, U>(value: MaybePromise<T>, next: (value: T) => MaybePromise<U>): MaybePromise<U> {
  return isPromise(value) ? value.then(next) : next(value)
}

export function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  // Not `'then' in value`: asked of values of many shapes, that takes ten times as long as reading a property that is not there.
  return typeof value === 'object' && value !== null && typeof (value as { readonly then?: unknown }).then === 'function'
}

/** The promise an `async` function would return, without the function. */
export function promised<T>(work: () => MaybePromise<T>): Promise<T> {
  try {
    const outcome = work()
    return isPromise(outcome) ? outcome : Promise.resolve(outcome)
  } catch (error) {
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- passes on what was thrown, as an async function does
    return Promise.reject(error)
  }
}
