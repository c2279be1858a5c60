/** A value now or later: what a synchronous driver has at once costs no promise on its way up. */
export type MaybePromise<T> = T | Promise<T>

/** True of a promise of any realm, which `instanceof` is not. */
export function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  // Not `'then' in value`: asked of values of many shapes, that takes ten times as long as reading a property that is not there.
  return typeof value === 'object' && value !== null && typeof (value as { readonly then?: unknown }).then === 'function'
}

/** The promise an `async` function would return, without the function. */
export function toPromise<T>(work: () => MaybePromise<T>): Promise<T> {
  try {
    const outcome = work()
    return isPromise(outcome) ? outcome : Promise.resolve(outcome)
  } catch (error) {
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- passes on what was thrown, as an async function does
    return Promise.reject(error)
  }
}
